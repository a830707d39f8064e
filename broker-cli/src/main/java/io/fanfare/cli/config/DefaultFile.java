package io.fanfare.cli.config;

import java.util.List;

/** The file that {@code fanfare config default} prints. */
final class DefaultFile {

    private static final String HEAD = """
            # Fanfare's configuration: every key with its default. Keys that you don't change may be left out.
            # 'fanfare serve -c FILE' runs it, 'fanfare config check FILE' checks it.
            # Times need a unit (500ms, 10s, 1m, 1h, 1d), sizes may have one (512B, 64KiB, 4MiB, 1GiB).
            # Environment variables override this file: FANFARE_LIMITS_MAX_HEADERS for limits.max_headers.
            """;

    private final StringBuilder out = new StringBuilder(HEAD);

    private DefaultFile() {}

    static String text() {
        DefaultFile file = new DefaultFile();
        Draft defaults = Draft.ofDefaults();
        List<String> open = List.of();
        for (Setting<?> setting : Settings.ALL) {
            List<String> words = List.of(setting.key().split("\\."));
            file.open(open, words.subList(0, words.size() - 1));
            open = words.subList(0, words.size() - 1);
            if (open.isEmpty()) {
                file.out.append('\n');
            }
            file.line(open.size(), "# " + setting.comment());
            file.line(open.size(), words.get(words.size() - 1) + ": " + setting.write(defaults));
        }
        return file.out.toString();
    }

    /** Writes the headings of the sections that are not open yet. */
    private void open(List<String> from, List<String> to) {
        int same = 0;
        while (same < Math.min(from.size(), to.size()) && from.get(same).equals(to.get(same))) {
            same++;
        }
        for (int depth = same; depth < to.size(); depth++) {
            String section = String.join(".", to.subList(0, depth + 1));
            out.append('\n');
            line(depth, "# " + Settings.SECTIONS.get(section));
            line(depth, to.get(depth) + ":");
        }
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }
}

package io.fanfare.cli.config;

import io.fanfare.cli.config.Configuration.LogFormat;
import io.fanfare.cli.config.ValueTypes.Text;
import java.util.List;
import java.util.Locale;

/** The log: the keys of {@code log}. */
final class LogSettings {

    static final List<Setting<?>> ALL = List.of(new Setting<>(
            "log.format",
            new Text("text or json", "text|json"),
            "Form of a line: text, or json with a member for each value, such as conn, user and reason.",
            draft -> draft.logging().format().toString(),
            (draft, word) -> draft.logging().format(LogFormat.valueOf(word.toUpperCase(Locale.ROOT)))));

    private LogSettings() {}
}

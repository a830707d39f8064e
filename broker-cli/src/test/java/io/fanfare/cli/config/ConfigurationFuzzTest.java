package io.fanfare.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads arbitrary bytes: the result is a configuration or a list of mistakes with their places, and a configuration stays
 * the same when it is written and read again.
 */
class ConfigurationFuzzTest {

    private static final Pattern MISTAKE = Pattern.compile(":(\\d+):(\\d+): [^\\p{Cc}\\p{Zl}\\p{Zp}]{1,5000}");

    @TempDir
    Path folder;

    @FuzzTest(maxDuration = "10m")
    void isAConfigurationOrAListOfMistakes(byte[] input) throws IOException {
        Path file = Files.write(folder.resolve("fanfare.yaml"), input);
        Configuration read = new Configuration();
        read.readFile(file);
        if (reachesOut(read.draft().auth())) {
            return;
        }
        try {
            read.server();
        } catch (ConfigException e) {
            areMistakesIn(file, new String(input, UTF_8), e.lines());
            return;
        }
        saysTheSameWhenItIsWritten(read.draft());
    }

    /** Whether it names files or a URL, whose contents are not part of the input. */
    private static boolean reachesOut(Auth auth) {
        return auth.usersFile.isPresent()
                || auth.secretFile.isPresent()
                || auth.publicKey.isPresent()
                || auth.jwksFile.isPresent()
                || !auth.jwksUrl.isEmpty();
    }

    private static void areMistakesIn(Path file, String text, List<String> lines) {
        assertThat(lines).isNotEmpty().hasSizeLessThanOrEqualTo(51);
        // YAML 1.1 4.1.4 has more line terminators than Java's lines()
        long last = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
        for (String line : lines.subList(0, Math.min(50, lines.size()))) {
            assertThat(line).startsWith(file.toString());
            String told = line.substring(file.toString().length());
            Matcher mistake = MISTAKE.matcher(told);
            if (!told.equals(": is not UTF-8")) {
                assertThat(mistake.matches()).as(told).isTrue();
                assertThat(Integer.parseInt(mistake.group(1))).as(told).isBetween(1, (int) last);
                assertThat(Integer.parseInt(mistake.group(2))).as(told).isPositive();
            }
        }
    }

    private void saysTheSameWhenItIsWritten(Draft draft) throws IOException {
        String yaml = Settings.ALL.stream()
                .map(setting -> setting.key() + ": " + setting.write(draft) + "\n")
                .collect(Collectors.joining());
        Configuration again = new Configuration();
        again.readFile(Files.writeString(folder.resolve("again.yaml"), yaml));
        again.server();
        for (Setting<?> setting : Settings.ALL) {
            assertThat(setting.get().apply(again.draft()).equals(setting.get().apply(draft)))
                    .as("%s: %s", setting.key(), setting.write(draft))
                    .isTrue();
        }
    }
}

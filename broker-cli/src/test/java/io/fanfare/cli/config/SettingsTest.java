package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.fanfare.broker.Authenticator;
import io.fanfare.broker.Authorizer;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.TlsOptions;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of all settings together. */
class SettingsTest {

    /** Options that are made of others, which have settings of their own. */
    private static final Set<Class<?>> NESTED =
            Set.of(ServerOptions.class, TlsOptions.class, BrokerOptions.class, FrameLimits.class, HeartBeat.class);

    /** What embedders supply as objects. */
    private static final Set<Class<?>> SEAMS = Set.of(Authenticator.class, Authorizer.class);

    /** Not an option: what one is called in an ERROR. */
    private static final Set<String> NO_OPTIONS = Set.of("broker.frameLimits.maxFrameKey");

    /** One of these is a value of each setting, and not its default. */
    private static final List<String> VALUES = List.of(
            "77", "77s", "77KiB", "true", "/other", "'*'", "off", "false", "fanfare.yaml", "need", "TLSv1.3");

    @TempDir
    Path folder;

    static List<Setting<?>> all() {
        return Settings.ALL;
    }

    @Test
    void everyOptionHasASetting() throws Exception {
        Set<String> reached = new TreeSet<>(NO_OPTIONS);
        for (Setting<?> setting : Settings.ALL) {
            reached.addAll(
                    differences(Draft.ofDefaults().options(), changed(setting).options()));
        }
        assertThat(optionsOf(ServerOptions.class)).isEqualTo(reached);
    }

    @ParameterizedTest
    @MethodSource("all")
    void settingChangesOneOptionAndReadsItBack(Setting<?> setting) throws Exception {
        Draft draft = changed(setting);

        assertThat(differences(Draft.ofDefaults().options(), draft.options())).hasSize(1);
        Draft again = Draft.ofDefaults();
        read(setting, setting.write(draft), again);
        assertThat(again.options()).isEqualTo(draft.options());
    }

    @Test
    void keysAreSnakeCaseInASectionWithAHeading() {
        for (Setting<?> setting : Settings.ALL) {
            assertThat(setting.key()).matches("[a-z]+(_[a-z]+)*(\\.[a-z]+(_[a-z]+)*)+");
            int dot = setting.key().lastIndexOf('.');
            assertThat(Settings.SECTIONS).containsKey(setting.key().substring(0, dot));
        }
    }

    @Test
    void keysAndVariablesAreUnique() {
        assertThat(Settings.ALL).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(Settings.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
    }

    @Test
    void defaultFileIsTakenAndSaysTheDefaults() throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), DefaultFile.text());
        Configuration configuration = new Configuration();
        configuration.readFile(file);

        assertThat(configuration.server().options())
                .isEqualTo(Draft.ofDefaults().options());
    }

    @Test
    void defaultFileExplainsEveryKeyOnce() {
        List<String> lines = DefaultFile.text().lines().toList();

        assertThat(lines).filteredOn(line -> line.matches(" +[a-z_]+: .+")).hasSize(Settings.ALL.size());
        for (Setting<?> setting : Settings.ALL) {
            String name = setting.key().substring(setting.key().lastIndexOf('.') + 1);
            String line = "  " + name + ": " + setting.write(Draft.ofDefaults());
            assertThat(lines).containsSubsequence("  # " + setting.comment(), line);
            assertThat(setting.comment()).endsWith(".");
        }
        assertThat(lines).allMatch(line -> line.length() <= 120);
    }

    @Test
    void defaultFileShowsUnits() {
        assertThat(DefaultFile.text())
                .startsWith("# Fanfare's configuration")
                .contains("\n# Where clients connect.\nlisten:\n  # Address or name to bind to.\n  host: 127.0.0.1\n")
                .contains("  stomp_port: 61613\n", "  origins: [same-origin]\n", "  event_loops: auto\n")
                .contains("  login_timeout: 10s\n", "  durable_expiry: 1d\n", "  max_frame_bytes: 4MiB\n")
                .contains("  max_memory_bytes: 50%\n", "  high_memory_bytes: 20%\n", "  server_name: auto\n");
    }

    @Test
    void valueThatTheBuilderRefusesIsAMistakeAtItsPlace() {
        Setting<Integer> picky = new Setting<>("a.b", new Count(0, 9), "Picky.", draft -> 0, (draft, value) -> {
            throw new IllegalArgumentException("it is odd");
        });
        assertThatThrownBy(() ->
                        picky.read(new ConfigNode.Scalar("a.b", new Place("f.yaml", 3, 4), "7"), Draft.ofDefaults()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f.yaml:3:4: a.b can't be '7': it is odd");
    }

    private Draft changed(Setting<?> setting) throws IOException {
        for (String value : VALUES) {
            Draft draft = Draft.ofDefaults();
            try {
                read(setting, value, draft);
            } catch (ConfigException e) {
                continue;
            }
            if (!draft.options().equals(Draft.ofDefaults().options())) {
                return draft;
            }
        }
        return fail("none of " + VALUES + " changes " + setting.key());
    }

    private void read(Setting<?> setting, String yaml, Draft draft) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), setting.key() + ": " + yaml);
        // which may be the value as well, and a secret
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<Problem> problems = new ArrayList<>();
        List<ConfigNode.Entry> entries = YamlReader.read(file, problems).pairs();
        assertThat(problems).isEmpty();
        setting.read(entries.get(0).value(), draft);
    }

    private static Set<String> optionsOf(Class<?> type) {
        Set<String> options = new TreeSet<>();
        for (RecordComponent part : type.getRecordComponents()) {
            if (NESTED.contains(part.getType())) {
                optionsOf(part.getType()).forEach(name -> options.add(part.getName() + "." + name));
            } else if (!SEAMS.contains(part.getType())) {
                options.add(part.getName());
            }
        }
        return options;
    }

    private static List<String> differences(Record a, Record b) throws ReflectiveOperationException {
        List<String> differences = new ArrayList<>();
        for (RecordComponent part : a.getClass().getRecordComponents()) {
            Object left = part.getAccessor().invoke(a);
            Object right = part.getAccessor().invoke(b);
            if (NESTED.contains(part.getType())) {
                for (String name : differences((Record) left, (Record) right)) {
                    differences.add(part.getName() + "." + name);
                }
            } else if (!Objects.equals(left, right)) {
                differences.add(part.getName());
            }
        }
        return differences;
    }
}

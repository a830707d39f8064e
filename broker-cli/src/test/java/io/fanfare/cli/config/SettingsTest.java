package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.fanfare.backplane.Backplane;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.cli.config.ConfigException.Problem;
import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import io.fanfare.loop.BrokerClock;
import io.fanfare.nats.options.KeptTopicOptions;
import io.fanfare.nats.options.NatsAccess;
import io.fanfare.options.AuthOptions;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.HeartBeatOptions;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.MergePatch;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.RateLimits;
import io.fanfare.options.TopicOptions;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Rules;
import io.fanfare.server.AdminOptions;
import io.fanfare.server.ListenOptions;
import io.fanfare.server.ProxyOptions;
import io.fanfare.server.ServerLimits;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.ServerTimeouts;
import io.fanfare.server.TlsOptions;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of all settings: complete, unique, documented, and the same when written and read again. */
class SettingsTest {

    /** Options that are made of others, which have settings of their own. */
    private static final Set<Class<?>> NESTED = Set.of(
            ServerOptions.class,
            ListenOptions.class,
            TlsOptions.class,
            ProxyOptions.class,
            ServerLimits.class,
            ServerTimeouts.class,
            AdminOptions.class,
            BrokerOptions.class,
            ConnectionLimits.class,
            DestinationLimits.class,
            RateLimits.class,
            QueueOptions.class,
            DedupOptions.class,
            TopicOptions.class,
            MemoryOptions.class,
            OutboxOptions.class,
            HeartBeatOptions.class,
            AuthOptions.class,
            FrameLimits.class,
            HeartBeat.class);

    /** All options that settings change. */
    private record Options(ServerOptions server, Map<String, Object> auth) {

        static Options of(Draft draft) throws ReflectiveOperationException {
            Map<String, Object> auth = new TreeMap<>();
            for (Field field : Auth.class.getDeclaredFields()) {
                if (!field.isSynthetic()) {
                    auth.put("auth." + field.getName(), field.get(draft.auth()));
                }
            }
            auth.put("logging.format", draft.logging().format());
            putAll("cluster", draft.cluster().build(), auth);
            return new Options(draft.options(), auth);
        }
    }

    private static void putAll(String name, Record options, Map<String, Object> all)
            throws ReflectiveOperationException {
        for (RecordComponent part : options.getClass().getRecordComponents()) {
            Object value = part.getAccessor().invoke(options);
            if (value instanceof NatsAccess access) {
                putAll(name + ".access", access, all);
            } else if (value instanceof KeptTopicOptions kept) {
                putAll(name + ".kept", kept, all);
            } else {
                all.put(name + "." + part.getName(), String.valueOf(value));
            }
        }
    }

    /** Options that embedders supply as objects. */
    private static final Set<Class<?>> SEAMS =
            Set.of(Authenticator.class, Backplane.class, BrokerClock.class, MergePatch.class);

    /** Not an option: the name of one in an ERROR. */
    private static final Set<String> NO_OPTIONS = Set.of("broker.limits.frameLimits.maxFrameKey");

    /** For every setting one of these is a value other than its default. */
    private static final List<String> VALUES = List.of(
            "77",
            "77s",
            "7s",
            "77KiB",
            "77MiB",
            "true",
            "/other",
            "'*'",
            "off",
            "false",
            "192.0.2.1",
            "fanfare.yaml",
            "dns",
            "need",
            "TLSv1.3",
            "json",
            "https://id.example/jwks",
            "3",
            "[/queue/a]",
            "[{allow: all, to: ['#']}]",
            "[{match: /topic/a, retain: last}]");

    @TempDir
    Path folder;

    static List<Setting<?>> all() {
        return Settings.ALL;
    }

    @Test
    void everyOptionHasASetting() throws Exception {
        Set<String> reached = new TreeSet<>(NO_OPTIONS);
        for (Setting<?> setting : Settings.ALL) {
            reached.addAll(differences(Draft.ofDefaults(), changed(setting)));
        }
        Set<String> all = optionsOf(ServerOptions.class);
        all.addAll(Options.of(Draft.ofDefaults()).auth().keySet());
        assertThat(all).isEqualTo(reached);
    }

    @ParameterizedTest
    @MethodSource("all")
    void settingChangesOneOptionAndReadsItBack(Setting<?> setting) throws Exception {
        Draft draft = changed(setting);

        Set<String> changed = new TreeSet<>(differences(Draft.ofDefaults(), draft));
        if (setting.key().equals("memory.max_memory_bytes")) {
            // a quarter of it unless set
            assertThat(changed.remove("broker.memory.highMemoryBytes")).isTrue();
        }
        assertThat(changed).hasSize(1);
        Draft again = Draft.ofDefaults();
        read(setting, setting.write(draft), again);
        assertThat(differences(again, draft)).isEmpty();
    }

    @Test
    void keysAreSnakeCaseInASectionWithAHeading() {
        for (Setting<?> setting : Settings.ALL) {
            assertThat(setting.key()).matches("permissions|topics|[a-z]+(_[a-z]+)*(\\.[a-z]+(_[a-z]+)*)+");
            int dot = setting.key().lastIndexOf('.');
            assertThat(Settings.SECTIONS.containsKey(setting.key().substring(0, Math.max(0, dot))))
                    .isEqualTo(dot > 0);
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

        assertThat(lines).filteredOn(line -> line.matches(" *[a-z_]+: .+")).hasSize(Settings.ALL.size());
        for (Setting<?> setting : Settings.ALL) {
            String name = setting.key().substring(setting.key().lastIndexOf('.') + 1);
            String indent = setting.key().replaceAll("[^.]+\\.", "  ").replaceAll("[^ ]", "");
            String line = indent + name + ": " + setting.write(Draft.ofDefaults());
            assertThat(lines).containsSubsequence(indent + "# " + setting.comment(), line);
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
                .contains("  max_memory_bytes: 50%\n", "  high_memory_bytes: 12.5%\n", "  server_name: auto\n");
    }

    @Test
    void valueThatTheBuilderRefusesIsAMistakeAtItsPlace() {
        Setting<Integer> picky = new Setting<>("a.b", new Count(0, 9), "Picky.", draft -> 0, (draft, value) -> {
            throw new IllegalArgumentException("it is odd");
        });
        assertThatThrownBy(() ->
                        picky.read(new ConfigNode.Scalar("a.b", new Place("f.yaml", 3, 4), "7"), Draft.ofDefaults()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f.yaml:3:4: a.b: it is odd");
    }

    private Draft changed(Setting<?> setting) throws Exception {
        for (String value : VALUES) {
            Draft draft = Draft.ofDefaults();
            try {
                read(setting, value, draft);
            } catch (ConfigException e) {
                continue;
            }
            if (!Options.of(draft).equals(Options.of(Draft.ofDefaults()))) {
                return draft;
            }
        }
        return fail("none of " + VALUES + " changes " + setting.key());
    }

    private void read(Setting<?> setting, String yaml, Draft draft) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), setting.key() + ": " + yaml);
        // the file may also be the value, and be a secret
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

    /** Rules are mutable and have no equals; their lists are compared. */
    private static Object comparable(Object option) {
        return option instanceof Rules rules ? rules.rules() : option;
    }

    private static List<String> differences(Draft a, Draft b) throws ReflectiveOperationException {
        List<String> differences = differences(a.options(), b.options());
        Map<String, Object> before = Options.of(a).auth();
        Options.of(b).auth().forEach((name, value) -> {
            if (!value.equals(before.get(name))) {
                differences.add(name);
            }
        });
        return differences;
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
            } else if (!Objects.equals(comparable(left), comparable(right))) {
                differences.add(part.getName());
            }
        }
        return differences;
    }
}

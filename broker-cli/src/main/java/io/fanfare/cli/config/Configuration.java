package io.fanfare.cli.config;

import io.fanfare.auth.JwtOptions;
import io.fanfare.cli.config.ConfigException.Problem;
import io.fanfare.cli.config.ConfigNode.Empty;
import io.fanfare.cli.config.ConfigNode.Entry;
import io.fanfare.cli.config.ConfigNode.Scalar;
import io.fanfare.cli.config.ConfigNode.Section;
import io.fanfare.cli.output.Nearest;
import io.fanfare.frame.Printable;
import io.fanfare.nats.NatsBackplane;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of a server: the defaults, and over them everything that is read; of several values of a key the
 * last one counts. Mistakes are collected, so that all of them are reported together.
 */
public final class Configuration {

    /** The form of a line of the log. */
    public enum LogFormat {
        /** For people: time, level, logger, message. */
        TEXT,
        /** For programs: a JSON object, with a member for each named value of the message. */
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The settings by their names, read when the first value is: with defaults alone a broker starts without them. */
    private static final class Known {

        static final Map<String, Setting<?>> BY_KEY =
                Settings.ALL.stream().collect(Collectors.toMap(Setting::key, Function.identity()));

        static final Map<String, Setting<?>> BY_VARIABLE =
                Settings.ALL.stream().collect(Collectors.toMap(Setting::variable, Function.identity()));

        static final Set<String> NAMES = Stream.concat(BY_KEY.keySet().stream(), Settings.SECTIONS.keySet().stream())
                .collect(Collectors.toSet());
    }

    /** Variables that Kubernetes sets for a service whose name begins with fanfare. */
    private static final Pattern SERVICE_LINK = Pattern.compile("FANFARE_(.+_)?"
            + "(SERVICE_(HOST|PORT(_.+)?)=.*|PORT=(tcp|udp|sctp)://.*"
            + "|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=.*)");

    private final Draft draft = Draft.ofDefaults();
    private final Map<String, Place> places = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** Reads a file. */
    public void readFile(Path file) {
        readSection(YamlReader.read(file, problems));
    }

    /** Reads the text of a file. */
    void readText(Path file, String text) {
        readSection(YamlReader.parse(file, text, problems));
    }

    /** Reads the variables that begin with {@code FANFARE_}; empty ones count as not set. */
    public void readEnvironment(Map<String, String> environment) {
        new TreeMap<>(environment).tailMap(Setting.VARIABLE_PREFIX).forEach((variable, value) -> {
            if (variable.startsWith(Setting.VARIABLE_PREFIX) && !value.isBlank()) {
                readVariable(variable, value);
            }
        });
    }

    /**
     * Builds the server, not yet started.
     *
     * @throws ConfigException with all the mistakes
     */
    public FanfareServerBuilder server() {
        refuseMistakes();
        draft.auth()
                .open(key -> places.getOrDefault(key, Place.whole(key)))
                .ifPresent(authenticator -> draft.broker().auth(a -> a.authenticator(authenticator)));
        NatsOptions cluster = draft.cluster().build();
        if (cluster.isOn()) {
            cluster.refusal().ifPresent(sentence -> refuse("cluster.", ClusterSettings.NATS, sentence));
            draft.broker().backplane(new NatsBackplane(cluster));
        } else if (!cluster.sharedQueues().isEmpty()) {
            refuse("queues.shared", "queues.shared", "queues.shared needs cluster.nats: NATS keeps these queues");
        }
        return draft.finished();
    }

    /**
     * What the tokens of clients must be like; empty when the broker looks at none.
     *
     * @throws ConfigException with all the mistakes
     */
    public Optional<JwtOptions> tokens() {
        refuseMistakes();
        return draft.auth().tokens(key -> places.getOrDefault(key, Place.whole(key)));
    }

    /** The form of the log's lines. */
    public LogFormat logFormat() {
        return draft.logging().format();
    }

    /**
     * Checks that nothing that was read had a mistake.
     *
     * @throws ConfigException with all the mistakes
     */
    public void refuseMistakes() {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** The value of every key, as YAML; rules of {@code permissions} as they are now. */
    public Map<String, String> values() {
        return Settings.ALL.stream().collect(Collectors.toMap(Setting::key, setting -> setting.write(draft)));
    }

    /** The rules of {@code permissions}; without one there are no restrictions. */
    List<Rule> permissions() {
        return draft.broker().build().auth().authorizer() instanceof Rules rules ? rules.rules() : List.of();
    }

    /** The rules of {@code topics}. */
    List<TopicRule> topics() {
        return draft.broker().build().topics().rules();
    }

    /**
     * Checks whether {@code serve} would accept a file.
     *
     * @throws ConfigException with all the mistakes
     */
    static void check(Path file) {
        Configuration configuration = new Configuration();
        configuration.readFile(file);
        ServerOptions options = configuration.server().options();
        options.tls().refusal().ifPresent(sentence -> configuration.refuse("tls.", file.toString(), sentence));
        options.refusal().ifPresent(sentence -> configuration.refuse("listen.host", file.toString(), sentence));
        options.admin()
                .refusal(options.tls())
                .ifPresent(sentence -> configuration.refuse("admin.host", file.toString(), sentence));
    }

    /**
     * Reads a flag of the command, which wins over all that was read before.
     *
     * @param flag such as {@code --nats}
     */
    public void readFlag(String flag, String key, String value) {
        Setting<?> setting = Objects.requireNonNull(Known.BY_KEY.get(key));
        places.put(key, Place.whole(flag));
        read(setting, new Scalar(key, Place.whole(flag), value));
    }

    /** Reports a mistake at the first place where a key with this prefix was set. */
    private void refuse(String keys, String otherwise, String sentence) {
        Place place = places.entrySet().stream()
                .filter(set -> set.getKey().startsWith(keys))
                .map(Map.Entry::getValue)
                .min(Comparator.comparingInt(Place::line).thenComparingInt(Place::column))
                .orElse(Place.whole(otherwise));
        throw new ConfigException(place, sentence);
    }

    /** The values that were read, without the mistakes. */
    Draft draft() {
        return draft;
    }

    private void readSection(Section section) {
        for (Entry entry : section.pairs()) {
            String key = entry.value().key();
            Setting<?> setting = Known.BY_KEY.get(key);
            if (setting != null) {
                readOnce(setting, entry);
            } else if (!Settings.SECTIONS.containsKey(key)) {
                problems.add(new Problem(entry.place(), unknown(key)));
            } else if (entry.value() instanceof Section inner) {
                readSection(inner);
            } else if (!(entry.value() instanceof Empty)) {
                problems.add(new Problem(
                        entry.value().place(), key + " is a section: its keys stand below it, further to the right"));
            }
        }
    }

    private String unknown(String key) {
        // finding the nearest name takes a while, and further mistakes are not printed
        return problems.size() < ConfigException.MAX_LINES ? unknown("key", key, Known.NAMES) : "unknown key";
    }

    /** A key may also be written with its section's name before it, and so occur twice in valid YAML. */
    private void readOnce(Setting<?> setting, Entry entry) {
        Place earlier = places.putIfAbsent(setting.key(), entry.value().place());
        if (earlier == null) {
            read(setting, entry.value());
        } else {
            problems.add(YamlReader.repeated(entry, earlier));
        }
    }

    private void readVariable(String variable, String value) {
        Setting<?> setting = Known.BY_VARIABLE.get(variable);
        if (setting != null) {
            places.put(setting.key(), Place.whole(variable));
            read(setting, new Scalar(setting.key(), Place.whole(variable), value));
        } else if (!SERVICE_LINK.matcher(variable + "=" + value).matches()) {
            problems.add(new Problem(Place.whole(variable), unknown("variable", variable, Known.BY_VARIABLE.keySet())));
        }
    }

    private void read(Setting<?> setting, ConfigNode node) {
        try {
            setting.read(node, draft);
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
    }

    private static String unknown(String what, String written, Collection<String> names) {
        return "unknown " + what + " " + Printable.of(written) + "; "
                + Nearest.of(written, names)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("'fanfare config default' prints every key");
    }
}

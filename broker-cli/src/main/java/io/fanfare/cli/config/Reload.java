package io.fanfare.cli.config;

import io.fanfare.broker.Broker;
import io.fanfare.files.FileWatcher;
import io.fanfare.files.FileWatcher.Settling;
import io.fanfare.files.UnreadableFileException;
import io.fanfare.security.Rules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the permissions and the topics of the configuration file into force when they change while a broker runs; the
 * file is looked at once a second. Other changes wait for a restart, and a file with a mistake changes nothing; both are logged, once.
 *
 * <p>A text counts when two looks have found it: half a file, while it is being written, has perhaps lost what it
 * denies.
 */
public final class Reload {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final String PERMISSIONS = "permissions";
    private static final String TOPICS = "topics";

    private final Path file;
    private final Map<String, String> environment;

    /** What the broker runs with: the value of each key, as YAML. */
    private final Map<String, String> running;

    private final FileWatcher watcher;

    /**
     * Prepares a watch, which begins once the broker runs.
     *
     * @param environment wins over the file, then as now
     * @param started what was made of the two, without the flags of the command
     */
    public Reload(Path file, Map<String, String> environment, Configuration started) {
        this.file = file;
        this.environment = environment;
        this.running = new TreeMap<>(started.values());
        this.watcher = new FileWatcher(List.of(YamlReader.file(file)), LOOK_INTERVAL, Settling.SECOND_LOOK);
    }

    /** Looks from now on, as long as the process lives; a pipe has said all that it had to say. */
    public void begin(Broker broker) {
        watcher.start(listener(broker));
    }

    /** Looks at the file now. */
    void look(Broker broker) {
        watcher.look(listener(broker));
    }

    private FileWatcher.Listener listener(Broker broker) {
        return new FileWatcher.Listener() {
            @Override
            public void changed(List<byte[]> contents) {
                try {
                    take(YamlReader.text(file, contents.get(0)), broker);
                } catch (ConfigException e) {
                    complain(e);
                }
            }

            @Override
            public void unreadable(UnreadableFileException reason) {
                complain(YamlReader.refused(reason));
            }
        };
    }

    private static void complain(ConfigException why) {
        for (String line : why.lines()) {
            LOG.warn("not read again, what was in it before still counts: {}", line);
        }
    }

    private void take(String text, Broker broker) {
        Configuration found = new Configuration();
        found.readText(file, text);
        found.readEnvironment(environment);
        found.refuseMistakes();
        Map<String, String> values = found.values();
        // without rules everything is allowed: a slip in the file must not lead there while clients are connected
        if (!found.permissions().isEmpty() && broker.options().auth().authorizer() instanceof Rules rules) {
            String now = Objects.requireNonNull(values.get(PERMISSIONS));
            if (!now.equals(running.put(PERMISSIONS, now))) {
                rules.replace(found.permissions());
                broker.permissionsChanged();
                LOG.info(
                        "read again file={} permissions={}",
                        file,
                        found.permissions().size());
            }
        }
        String topics = Objects.requireNonNull(values.get(TOPICS));
        if (!topics.equals(running.put(TOPICS, topics))) {
            broker.topicRules(found.topics());
            LOG.info("read again file={} topics={}", file, found.topics().size());
        }
        List<String> waiting = new ArrayList<>(running.keySet());
        waiting.removeIf(key -> Objects.equals(running.get(key), values.get(key)));
        if (!waiting.isEmpty()) {
            LOG.warn("file={} needs a restart: {}", file, String.join(", ", waiting));
        }
    }
}

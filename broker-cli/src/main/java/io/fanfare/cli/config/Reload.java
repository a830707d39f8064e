package io.fanfare.cli.config;

import io.fanfare.broker.Broker;
import io.fanfare.security.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the configuration file once a second while a broker runs with it, and puts other permissions into force. What
 * else has changed there waits for a restart, and a file with a mistake changes nothing; both are logged, once.
 *
 * <p>A text counts when two looks have seen it: half a file, while somebody writes it, has perhaps lost what it denies.
 */
public final class Reload {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private static final int LOOK_SECONDS = 1;
    private static final String PERMISSIONS = "permissions";

    private final Path file;
    private final Map<String, String> environment;

    /** What the broker runs with: the value of each key, as YAML. */
    private final Map<String, String> running;

    private boolean readable = true;

    /** The file's text as the last look saw it; null: there was none. */
    private @Nullable String seen;

    /** The text whose changes were made, or refused; null: none yet. */
    private @Nullable String taken;

    /**
     * To begin once the broker runs.
     *
     * @param environment wins over the file, then as now
     * @param started what was made of the two, without the flags of the command
     */
    public Reload(Path file, Map<String, String> environment, Configuration started) {
        this.file = file;
        this.environment = environment;
        this.running = new TreeMap<>(started.values());
    }

    /** From now on looks, as long as the process lives; a pipe has said all it had to say. */
    public void begin(Broker broker) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, "fanfare-watch-" + file.getFileName());
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(() -> look(broker), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Reads the file, and takes what is new in it if that was there at the last look. */
    void look(Broker broker) {
        try {
            String text = text();
            boolean settled = text != null && text.equals(seen);
            seen = text;
            if (text != null && settled && !text.equals(taken)) {
                taken = text;
                take(text, broker);
            }
        } catch (ConfigException e) {
            complain(e);
        } catch (RuntimeException | Error e) {
            LOG.error("bug while reading {} again", file, e);
        }
    }

    private @Nullable String text() {
        try {
            String text = YamlReader.text(file);
            readable = true;
            return text;
        } catch (ConfigException e) {
            if (readable) {
                complain(e);
            }
            readable = false;
            return null;
        }
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
        // none is no list of rules, but leave for everything: nobody should come to that by a slip while people are
        // connected
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
        List<String> waiting = new ArrayList<>(running.keySet());
        waiting.removeIf(key -> Objects.equals(running.get(key), values.get(key)));
        if (!waiting.isEmpty()) {
            LOG.warn("file={} needs a restart: {}", file, String.join(", ", waiting));
        }
    }
}

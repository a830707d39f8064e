package io.fanfare.testkit;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Rule;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import io.fanfare.testkit.internal.TestTls;
import io.fanfare.testkit.internal.TestUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects how a {@link TestBroker} is set up. Every port is a free one of 127.0.0.1. Not thread-safe.
 *
 * @param <S> the type of the builder itself
 */
public abstract class BrokerSetup<S extends BrokerSetup<S>> {

    private final List<String> queues = new ArrayList<>();
    private final List<TopicRule> topics = new ArrayList<>();
    private final Map<String, String> users = new LinkedHashMap<>();
    private final List<Rule> permits = new ArrayList<>();
    private final List<Consumer<BrokerOptions.Builder>> options = new ArrayList<>();
    private final List<Consumer<FanfareServerBuilder>> server = new ArrayList<>();
    private boolean loginRequired;
    private boolean tcp = true;
    private boolean tls;
    private boolean admin;
    private boolean keepConnections;
    private boolean allowOpenConnections;
    private Duration timeout = Duration.ofSeconds(5);

    /** Nothing but defaults. */
    protected BrokerSetup() {}

    /** The builder itself. */
    protected abstract S self();

    /**
     * Names a queue that the test is about: failures tell what waits in it. Queues need no declaration; a name that is none is
     * found here.
     *
     * @throws IllegalArgumentException when it does not begin with {@code /queue/}
     */
    public S queue(String destination) {
        if (!destination.startsWith("/queue/")) {
            throw new IllegalArgumentException("a queue is /queue/NAME, not " + destination);
        }
        queues.add(destination);
        return self();
    }

    /** Has topics keep what a rule says, or presence gathered, as in {@code TopicRule.of("/topic/prices.#").retainLast()}. */
    public S topic(TopicRule rule) {
        topics.add(rule);
        return self();
    }

    /**
     * A user with a password. With at least one, a login that is not one of them is refused; a client without a login is the
     * anonymous user, unless {@link #requireLogin}.
     */
    public S user(String login, String passcode) {
        users.put(login, passcode);
        return self();
    }

    /** Has clients without a login refused. */
    public S requireLogin() {
        loginRequired = true;
        return self();
    }

    /**
     * Limits what a user may do: a user with permits may SEND and SUBSCRIBE where one of them allows it, and nowhere else; a
     * user without permits may everywhere.
     *
     * @param destinations such as {@code /topic/news}, {@code /topic/prices.*} or {@code /queue/**}, which is the same as {@code
     *     /queue/#}
     * @throws IllegalArgumentException when one can't be understood
     */
    public S permit(String login, String... destinations) {
        String[] patterns = destinations.clone();
        for (int i = 0; i < patterns.length; i++) {
            patterns[i] = patterns[i].endsWith("**") ? patterns[i].replaceFirst("\\*\\*$", "#") : patterns[i];
        }
        permits.add(Rule.allow(patterns).forUsers(login));
        return self();
    }

    /** Sets options of the broker, as in {@code .options(o -> o.queues(q -> q.prefetch(1)))}. */
    public S options(Consumer<BrokerOptions.Builder> set) {
        options.add(set);
        return self();
    }

    /** Sets options of the server, as in {@code .server(s -> s.loops(1))}; the broker's own belong into {@link #options}. */
    public S server(Consumer<FanfareServerBuilder> set) {
        server.add(set);
        return self();
    }

    /** Whether there is a port of STOMP over TCP; true. */
    public S tcp(boolean listens) {
        tcp = listens;
        return self();
    }

    /**
     * Has clients come with TLS, over WebSocket and TCP: to a certificate for {@code localhost} and {@code 127.0.0.1} that is made
     * once for a JVM and trusted by {@link TestBroker#sslContext}. TLS ends in front of the broker, so that faults and transcripts
     * are the same; the broker itself sees connections without. For the broker's own TLS, with certificates of clients, there is
     * {@code server(s -> s.tls(...))}.
     */
    public S tls() {
        tls = true;
        return self();
    }

    /** Opens the admin listener too, with its health checks. */
    public S admin() {
        admin = true;
        return self();
    }

    /**
     * Leaves the connections of the application under test open between tests, and at the end: for one that lives longer than
     * a test, such as a Spring context. What they have subscribed to stays, and what destinations hold is cleared.
     */
    public S keepConnections() {
        keepConnections = true;
        return self();
    }

    /** Has what a run leaves open pass: connections of clients that are there when the last test of a class has ended. */
    public S allowOpenConnections() {
        allowOpenConnections = true;
        return self();
    }

    /** How long expectations wait unless they say otherwise; 5 s. */
    public S timeout(Duration most) {
        timeout = most;
        return self();
    }

    /** Starts a broker that is set up like this; returns when its ports accept connections. */
    protected final TestBroker startBroker() {
        return new TestBroker(this);
    }

    final FanfareServer startServer(TestClock clock, PublicationLog record) {
        FanfareServer started = serverBuilder(clock).start();
        // before clients know its ports
        started.broker().onPublished(record::add);
        return started;
    }

    private FanfareServerBuilder serverBuilder(TestClock clock) {
        BrokerOptions.Builder broker = BrokerOptions.builder().clock(clock);
        TestUsers access = new TestUsers(users, loginRequired, permits);
        broker.auth(auth -> {
            if (!users.isEmpty() || loginRequired) {
                auth.authenticator(access);
            }
            if (!permits.isEmpty()) {
                auth.authorizer(access);
            }
        });
        broker.topics(kept -> kept.rules(topics));
        // while a test moves the clock, clients have no time to answer
        broker.heartBeat(beats -> beats.pingInterval(Duration.ZERO));
        options.forEach(set -> set.accept(broker));
        FanfareServerBuilder builder = FanfareServer.builder()
                .port(0)
                .tcpPort(tcp ? 0 : ServerOptions.OFF)
                .loops(2);
        if (admin) {
            builder.admin(listener -> listener.port(0));
        }
        builder.broker(broker.build());
        server.forEach(set -> set.accept(builder));
        return builder;
    }

    /** Of the ports in front of the broker; null: they have none. */
    final @Nullable TestTls gatewayTls() {
        return tls ? TestTls.ofThisJvm() : null;
    }

    final List<String> queues() {
        return List.copyOf(queues);
    }

    final Map<String, String> users() {
        return Map.copyOf(users);
    }

    final boolean keepsConnections() {
        return keepConnections;
    }

    /** Whether connections may be open in the end. */
    final boolean allowsOpenConnections() {
        return keepConnections || allowOpenConnections;
    }

    final Duration timeout() {
        return timeout;
    }
}

package io.fanfare.junit;

import io.fanfare.server.FanfareServer;
import io.fanfare.testkit.BrokerKit;
import io.fanfare.testkit.BrokerSetup;
import io.fanfare.testkit.ConnectOptions;
import io.fanfare.testkit.TestBroker;
import io.fanfare.testkit.TestConnection;
import java.lang.reflect.Parameter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * A broker for the tests of a class, on free ports of 127.0.0.1:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FanfareExtension broker =
 *         FanfareExtension.builder().user("alice", "secret").permit("alice", "/queue/**").build();
 * }</pre>
 *
 * <p>In a static field, there is one broker for all tests of the class, which is cleared before each; in a field of the
 * instance, each test has its own. The broker starts when it is first asked for something, at the latest before the first
 * test. Parameters of tests may be a {@link TestBroker}, a {@link FanfareServer}, this extension, and clients ({@link
 * StompConnection}). Tests that run at the same time with one broker share it: it is cleared while none of them runs.
 */
public final class FanfareExtension
        implements BrokerKit,
                BeforeAllCallback,
                TestInstancePreConstructCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                ParameterResolver {

    private final Builder setup;
    private @Nullable TestBroker broker;

    /**
     * Ids of classes that have begun, nested ones too, and have not ended. No count: behind another extension's failure JUnit
     * tells of an end that had no beginning here.
     */
    private final Set<String> classes = new HashSet<>();

    /** Ids of tests that have begun and have not ended. */
    private final Set<String> tests = new HashSet<>();

    /** Whether a test has used the broker since it was cleared. */
    private boolean used;

    /** An extension with default options, for {@code @ExtendWith}. */
    public FanfareExtension() {
        this(new Builder());
    }

    private FanfareExtension(Builder setup) {
        this.setup = setup;
    }

    /** Collects how the broker is set up. */
    public static final class Builder extends BrokerSetup<Builder> {

        private String name = "";

        private Builder() {}

        /**
         * Names the extension, for a class that has several: parameters with {@code @StompConnection(broker = NAME)} are its, and
         * no others.
         */
        public Builder name(String text) {
            name = text;
            return this;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** An extension for one field of a test class. */
        public FanfareExtension build() {
            return new FanfareExtension(this);
        }

        TestBroker start() {
            return startBroker();
        }
    }

    /** The set-up of a broker: without users, everything is allowed. */
    public static Builder builder() {
        return new Builder();
    }

    /** The broker; starts it if it does not run yet. */
    @Override
    public synchronized TestBroker testBroker() {
        if (broker == null) {
            broker = setup.start();
        }
        return broker;
    }

    // ---- what JUnit calls -------------------------------------------------------------------------------------------

    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        classes.add(context.getUniqueId());
        testBroker();
    }

    /** Clears ahead of the constructor, whose parameters may be clients of the test that begins. */
    @Override
    public synchronized void preConstructTestInstance(TestInstanceFactoryContext instance, ExtensionContext context) {
        clearUsed();
    }

    @Override
    public synchronized void beforeEach(ExtensionContext context) {
        testBroker();
        clearUsed();
        tests.add(context.getUniqueId());
        used = true;
    }

    private void clearUsed() {
        if (tests.isEmpty() && used) {
            testBroker().clear();
            used = false;
        }
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        tests.remove(context.getUniqueId());
        if (broker != null && context.getExecutionException().isPresent()) {
            tellTranscript(context, broker.transcript());
        }
        if (classes.isEmpty()) {
            stop(context);
        }
    }

    private static void tellTranscript(ExtensionContext context, String transcript) {
        if (!transcript.isEmpty()) {
            String title = "frames of " + context.getDisplayName();
            System.err.println(title + ":\n" + transcript);
            context.publishReportEntry(title, transcript);
        }
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        classes.remove(context.getUniqueId());
        if (classes.isEmpty()) {
            stop(context);
        }
    }

    /** Stops the broker; fails when the application has left connections open, unless the test has failed already. */
    private void stop(ExtensionContext context) {
        TestBroker running = broker;
        broker = null;
        used = false;
        if (running == null) {
            return;
        }
        try (running) {
            if (context.getExecutionException().isEmpty()) {
                running.checkForLeaks();
            }
        }
    }

    // ---- parameters -------------------------------------------------------------------------------------------------

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (type == TestConnection.class) {
            StompConnection wanted = parameter.getParameter().getAnnotation(StompConnection.class);
            return wanted != null && wanted.broker().equals(setup.name);
        }
        return setup.name.isEmpty()
                && (type == TestBroker.class || type == FanfareServer.class || type == FanfareExtension.class);
    }

    @Override
    public Object resolveParameter(ParameterContext context, ExtensionContext test) {
        Parameter parameter = context.getParameter();
        if (parameter.getType() == TestConnection.class) {
            return testBroker().connect(options(parameter.getAnnotation(StompConnection.class)));
        }
        if (parameter.getType() == FanfareServer.class) {
            return testBroker().server();
        }
        return parameter.getType() == TestBroker.class ? testBroker() : this;
    }

    private static ConnectOptions options(StompConnection wanted) {
        ConnectOptions options = ConnectOptions.as(wanted.login())
                .passcode(wanted.passcode())
                .over(wanted.transport())
                .acceptVersion(wanted.acceptVersion());
        for (String line : wanted.headers()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ParameterResolutionException("a header is name:value, not " + line);
            }
            options = options.header(line.substring(0, colon), line.substring(colon + 1));
        }
        return options;
    }
}

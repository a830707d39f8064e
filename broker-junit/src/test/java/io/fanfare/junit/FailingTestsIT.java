package io.fanfare.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.fanfare.client.StompClient;
import io.fanfare.testkit.ConnectOptions;
import io.fanfare.testkit.TestBroker;
import io.fanfare.testkit.TestConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the extension does about tests that fail, leak, or run side by side: classes below, run by this one. */
class FailingTestsIT {

    private static EngineExecutionResults run(Class<?>... classes) {
        EngineTestKit.Builder engine = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true");
        for (Class<?> each : classes) {
            engine.selectors(selectClass(each));
        }
        return engine.execute();
    }

    // ---- transcripts ------------------------------------------------------------------------------------------------

    static class Fails {

        @RegisterExtension
        final FanfareExtension broker =
                FanfareExtension.builder().user("alice", "secret").build();

        @Test
        void andTellsItsFrames(@StompConnection(login = "alice") TestConnection alice) {
            alice.send("/topic/a", "hello").awaitReceipt();
            broker.connect(ConnectOptions.DEFAULT.header("Authorization", "Bearer of-bad-news"));
            fail("on purpose");
        }

        @Test
        void notWhenItPasses() {
            broker.connect("alice").send("/topic/a", "quiet").awaitReceipt();
        }
    }

    @Test
    void failureComesWithTheFramesAndWithoutSecrets() {
        EngineExecutionResults results = run(Fails.class);
        results.testEvents().assertStatistics(count -> count.succeeded(1).failed(1));
        List<Map<String, String>> reported = results.testEvents()
                .reportingEntryPublished()
                .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                .toList();
        assertThat(reported).hasSize(1);
        assertThat(reported.get(0).values().iterator().next())
                .contains(
                        "login:alice", "passcode:***", "Authorization:***", "destination:/topic/a", "hello", "RECEIPT")
                .doesNotContain("secret", "bad-news", "quiet");
    }

    // ---- leaks ------------------------------------------------------------------------------------------------------

    static class Leaks {

        static StompClient left;

        @RegisterExtension
        static final FanfareExtension broker = FanfareExtension.builder().build();

        @Test
        void aConnection() {
            left = StompClient.connect(broker.webSocketUri());
            broker.connect();
        }
    }

    static class LeaksWithLeave {

        @RegisterExtension
        static final FanfareExtension broker =
                FanfareExtension.builder().allowOpenConnections().build();

        @Test
        void aConnection() {
            Leaks.left = StompClient.connect(broker.webSocketUri());
        }
    }

    @Test
    void classThatLeavesAConnectionOpenFails() {
        EngineExecutionResults results = run(Leaks.class);
        results.testEvents().assertStatistics(count -> count.succeeded(1));
        results.containerEvents()
                .assertThatEvents()
                .haveExactly(1, event(finishedWithFailure(message(text -> text.contains("left open: [anonymous#")))));
        run(LeaksWithLeave.class).containerEvents().assertStatistics(count -> count.failed(0));
    }

    @Test
    void nothingIsLeftOfTheBrokers() throws InterruptedException {
        run(Fails.class, Leaks.class, LeaksWithLeave.class);
        Leaks.left.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().matches("fanfare-(test|[0-9]).*")) {
                // a client's thread ends behind its connection
                thread.join(60_000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    // ---- failures of others -----------------------------------------------------------------------------------------

    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class AnotherExtensionFails {

        @RegisterExtension
        @Order(1)
        static final BeforeEachCallback other = context -> {
            if (context.getDisplayName().startsWith("first")) {
                throw new IllegalStateException("on purpose");
            }
        };

        @RegisterExtension
        @Order(2)
        static final FanfareExtension broker = FanfareExtension.builder().build();

        @Test
        @Order(1)
        void first() {}

        @Test
        @Order(2)
        void leavesAMessage() {
            broker.publish("/queue/left", "rest");
        }

        @Test
        @Order(3)
        void findsNone() {
            assertThat(broker.queue("/queue/left")).isEmpty();
        }
    }

    @Test
    void testsAreClearedForBehindOneThatNeverBeganHere() {
        run(AnotherExtensionFails.class)
                .testEvents()
                .assertStatistics(count -> count.failed(1).succeeded(2));
    }

    // ---- side by side -----------------------------------------------------------------------------------------------

    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();
    private static final CountDownLatch BOTH = new CountDownLatch(2);

    @Execution(ExecutionMode.CONCURRENT)
    static class SideBySide {

        @RegisterExtension
        static final FanfareExtension broker = FanfareExtension.builder().build();

        @Test
        void one(TestBroker same) throws InterruptedException {
            both(same, "/topic/one");
        }

        @Test
        void two(TestBroker same) throws InterruptedException {
            both(same, "/topic/two");
        }

        private static void both(TestBroker same, String destination) throws InterruptedException {
            TestConnection client = same.connect();
            PORTS.add(same.tcpPort());
            BOTH.countDown();
            assertThat(BOTH.await(60, TimeUnit.SECONDS)).isTrue();
            client.send(destination, "hi").awaitReceipt();
            same.expect(destination).count(1);
        }
    }

    @Test
    void testsThatRunSideBySideShareABrokerThatIsNotCleared() {
        run(SideBySide.class).testEvents().assertStatistics(count -> count.succeeded(2));
        assertThat(PORTS).hasSize(1);
    }
}

package io.fanfare.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.server.FanfareServer;
import io.fanfare.testkit.TestBroker;
import io.fanfare.testkit.TestConnection;
import io.fanfare.testkit.TestSubscription;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

class FanfareExtensionIT {

    @Nested
    @FanfareTest
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    class OneBrokerForAClass {

        private static URI first;

        @Test
        @Order(1)
        void leavesSomethingBehind(TestBroker broker) {
            first = broker.webSocketUri();
            TestConnection client = broker.connect();
            client.subscribe("/topic/a");
            client.send("/queue/left", "rest").awaitReceipt();
            client.send("/topic/a", "kept", "retain", "set").awaitReceipt();
        }

        @Test
        @Order(2)
        void isClearedBetweenTests(TestBroker broker, FanfareServer server) {
            assertThat(broker.webSocketUri()).isEqualTo(first);
            assertThat(server.broker().sessionCount()).isZero();
            assertThat(broker.queue("/queue/left")).isEmpty();
            assertThat(broker.messages("/#")).isEmpty();
            TestSubscription late = broker.connect().subscribe("/topic/a");
            late.expectNone();
        }
    }

    @Nested
    class TwoBrokers {

        @RegisterExtension
        static final FanfareExtension here = FanfareExtension.builder().build();

        @RegisterExtension
        static final FanfareExtension there =
                FanfareExtension.builder().name("there").build();

        @Test
        void connectionsAreOfTheBrokerThatTheyName(
                @StompConnection TestConnection one, @StompConnection(broker = "there") TestConnection other) {
            one.send("/topic/a", "here").awaitReceipt();
            other.send("/topic/a", "there").awaitReceipt();
            here.expect("/topic/a").count(1).body("here");
            there.expect("/topic/a").count(1).body("there");
        }
    }

    @Nested
    @FanfareTest
    class ConnectionOfTheConstructor {

        private final TestConnection client;

        ConnectionOfTheConstructor(@StompConnection TestConnection client) {
            this.client = client;
        }

        @Test
        void isTheTests() {
            client.send("/topic/a", "hi").awaitReceipt();
        }

        @Test
        void isTheNextTestsToo() {
            client.send("/topic/a", "hi").awaitReceipt();
        }
    }

    @Nested
    class OneBrokerForEachTest {

        private static FanfareServer before;

        @RegisterExtension
        final FanfareExtension broker = FanfareExtension.builder().tcp(false).build();

        @Test
        void hasItsOwn(FanfareServer server) {
            isNew(server);
        }

        @Test
        void hasItsOwnToo(FanfareServer server) {
            isNew(server);
        }

        private void isNew(FanfareServer server) {
            assertThat(server).isNotSameAs(before).isSameAs(broker.server());
            assertThat(broker.tcpPort()).isEqualTo(-1);
            if (before != null) {
                FanfareServer closed = before;
                assertThatThrownBy(() -> new Socket("127.0.0.1", closed.webSocketPort()).close())
                        .isInstanceOf(ConnectException.class);
            }
            before = server;
        }
    }
}

package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.status.QueueStatus;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandQueues;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What queues that several nodes share cannot do: it is refused by its name. */
class SharedQueueRefusalTest extends BrokerTest {

    private static final String SHARED = "/queue/shared";

    private final HandBackplane here = new HandBackplane("n1", new ArrayList<>());
    private final HandQueues queues = here.shared();
    private Client alice;

    @BeforeEach
    void oneNode() {
        brokerWith(BrokerOptions.builder().backplane(here).build());
        alice = connect();
    }

    @ParameterizedTest
    @ValueSource(strings = {"browser:true", "exclusive:true", "x-priority:1", "selector:a = 1", "no-local:true"})
    void whatSeveralNodesCannotHaveAlikeIsRefusedByItsName(String header) {
        alice.sends("SUBSCRIBE\nid:0\n" + header + "\ndestination:" + SHARED + "\n\n^@");
        String name = header.substring(0, header.indexOf(':'));
        alice.gotError(CloseCode.PROTOCOL_ERROR, name + " not available", SHARED, "queues.shared", name);
        assertThat(broker.queueCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"priority:5, priority", "message-group:a, message-group", "ttl:0, ttl\\c0"})
    void aMessageThatAsksForSuchAThingIsRefusedByItsName(String header, String name) {
        Client bob = connect();
        bob.sends("SEND\n" + header + "\ndestination:" + SHARED + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, name + " not available", SHARED, "queues.shared");
        alice.sends(
                "BEGIN\ntransaction:t\n\n^@",
                "SEND\ntransaction:t\n" + header + "\ndestination:" + SHARED + "\n\n^@",
                "COMMIT\ntransaction:t\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, name + " not available", SHARED, "queues.shared");
        assertThat(here.appends).isEmpty();
    }

    @Test
    void theDefaultPriorityMayBeSaid() {
        alice.sends("SEND\npriority:4\ndestination:" + SHARED + "\n\n^@");
        here.keeps();
        assertThat(queues.left("shared")).hasSize(1);
    }

    @Test
    void aSubscribeToAQueueThatIsNotSharedIsRefused() {
        alice.sends("SUBSCRIBE\nid:0\ndestination:/queue/mine\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "queue not shared", "queues.shared");
    }

    @Test
    void operatorsSeeWhatTheEngineHoldsAndThisNodesConsumers() {
        alice.sends("SUBSCRIBE\nid:0\nack:client-individual\nprefetch-count:1\ndestination:" + SHARED + "\n\n^@");
        for (String body : List.of("1", "2", "3")) {
            alice.sends("SEND\ndestination:" + SHARED + "\n\n" + body + "^@");
            here.keeps();
        }
        queues.handOut();
        settle();
        QueueStatus status = broker.inspection().queue(SHARED).orElseThrow();
        assertThat(status.depth()).isEqualTo(2);
        assertThat(status.unacknowledged()).isEqualTo(1);
        assertThat(status.consumers()).isEqualTo(1);
        for (Runnable each : List.<Runnable>of(
                () -> broker.operations().purge(SHARED),
                () -> broker.operations().deleteQueue(SHARED),
                () -> broker.operations().move(SHARED, "/queue/shared2"),
                () -> broker.inspection().peek(SHARED, -1, 1, 1))) {
            assertThatThrownBy(each::run).isInstanceOf(ProtocolException.class).hasMessageContaining("queues.shared");
        }
    }
}

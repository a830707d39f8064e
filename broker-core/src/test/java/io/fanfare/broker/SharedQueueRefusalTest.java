package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.HandQueues;
import java.util.ArrayList;
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
}

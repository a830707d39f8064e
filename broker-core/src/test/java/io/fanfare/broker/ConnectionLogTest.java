package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Memory;
import io.fanfare.testing.HandBackplane;
import io.fanfare.testing.LogLines;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the log says of connections, a line for each event, and of the memory alarm. */
class ConnectionLogTest extends BrokerTest {

    private final LogLines lines = new LogLines("io.fanfare.connections", Memory.class.getName());

    @AfterEach
    void listenNoMore() {
        lines.close();
    }

    private List<String> logged() {
        return lines.all();
    }

    @Test
    void aClientThatComesAndGoesIsTwoLinesWithItsIdAndUser() {
        Client alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:al\u001b\n\n^@");
        String session = alice.next("expected CONNECTED").header("session");
        alice.sends("DISCONNECT\n\n^@");

        assertThat(logged())
                .containsExactly(
                        "connected conn=" + session + " user='al\\u001b' peer=c1 transport=tcp version=1.2",
                        "disconnected conn=" + session + " user='al\\u001b' peer=c1 reason=client");
    }

    @Test
    void aRefusalSaysTheReasonBeforeTheEnd() {
        Client bob = connect();
        bob.sends("SEND\ndestination:/elsewhere\n\nhi^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination");

        assertThat(logged()).hasSize(3);
        assertThat(logged().get(1))
                .matches("refused conn=\\S+ user=- peer=c1 reason=invalid destination code=1002 detail=.*/elsewhere.*");
        assertThat(logged().get(2)).matches("disconnected conn=\\S+ user=- peer=c1 reason=protocol-error");
    }

    @Test
    void aClientThatNeverConnectedHasNoEnd() {
        Client nobody = open();
        nobody.sends("NONSENSE\n\n^@");

        assertThat(logged()).singleElement().asString().startsWith("refused conn=- user=- peer=c1 ");
    }

    @Test
    void aSocketThatTakesNothingIsALineWithWhatWaits() {
        Client slow = connect();
        slow.stopsReading();
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        pass(Duration.ofSeconds(11));

        int waits = "RECEIPT\nreceipt-id:r\n\n\0\n".length();
        assertThat(logged()).hasSize(3);
        assertThat(logged().get(1))
                .matches("aborting conn=\\S+ user=- peer=c1 reason=stalled limit=write_timeout pending=" + waits);
        assertThat(logged().get(2)).matches("disconnected conn=\\S+ user=- peer=c1 reason=stalled");
    }

    @Test
    void aSocketThatTakesNothingWhileMemoryIsHighIsALineWithWhatWaits() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(100_000))
                .memory(m -> m.highMemoryBytes(30_000))
                .build());
        Client slow = connectTo(otherLoop);
        slow.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        slow.stopsReading();
        connect().sends(("SEND\ndestination:/topic/a\n\n" + "x".repeat(1_000) + "^@").repeat(40));
        pass(Duration.ofMillis(1_200));

        assertThat(logged())
                .anySatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "aborting conn=\\S+ user=- peer=c1 reason=stalled limit=high_memory_bytes pending=4\\d{4}"));
        assertThat(logged()).last().asString().matches("disconnected conn=\\S+ user=- peer=c1 reason=reclaimed");
    }

    @Test
    void aTransportWithABugLosesItsConnectionAndNoOther() {
        Client bob = connect();
        Client alice = connect();
        bob.connection().fails();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        assertThat(bob.connection().isAborted()).isTrue();
        assertThat(logged()).last().asString().matches("disconnected conn=\\S+ user=- peer=c1 reason=internal-error");
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void aFrameThatTheBrokerFailsOnEndsItsConnectionAloneAndTheLogHasTheReason() {
        List<HandBackplane> nodes = new ArrayList<>();
        brokerWith(BrokerOptions.builder()
                .backplane(new HandBackplane("n1", nodes))
                .build());
        // never started: what it is given is a bug
        new HandBackplane("n2", nodes);
        Client alice = connect();
        Client bob = connect();
        bob.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        Received error = bob.gotError(CloseCode.INTERNAL_ERROR, "internal error", "not your fault");
        assertThat(error.toString()).doesNotContain("Exception", "Index");

        ILoggingEvent bug = lines.events().get(2);
        assertThat(bug.getLevel()).isEqualTo(Level.ERROR);
        assertThat(bug.getFormattedMessage()).matches("bug conn=\\S+ user=- peer=c2 command=SEND");
        assertThat(bug.getThrowableProxy().getClassName()).contains("IndexOutOfBounds");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void theMemoryAlarmIsALineWhenItBeginsAndOneWhenItEnds() {
        brokerWith(BrokerOptions.builder().memory(m -> m.maxMemoryBytes(20_000)).build());
        String send = "SEND\ndestination:/queue/a\n\n" + "x".repeat(10_000) + "^@";
        for (int i = 0; i < 5; i++) {
            connect().sends(send);
        }
        Client reader = connect();
        reader.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        reader.takeAll();
        connect().sends("SEND\ndestination:/queue/a\n\n1^@", "SEND\ndestination:/queue/a\n\n2^@");

        assertThat(logged())
                .filteredOn(line -> line.startsWith("memory alarm"))
                .satisfiesExactly(
                        begin -> assertThat(begin).matches("memory alarm held=2\\d{4} limit=20000"),
                        end -> assertThat(end)
                                .startsWith("memory alarm is over held=")
                                .endsWith(" limit=20000"));
    }
}

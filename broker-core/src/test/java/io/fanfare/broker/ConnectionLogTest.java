package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Memory;
import io.fanfare.testing.LogLines;
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

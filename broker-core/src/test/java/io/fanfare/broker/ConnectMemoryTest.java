package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.security.Principal;
import io.fanfare.testing.HeapMeter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A connection keeps nothing large of its CONNECT: there may be very many of them, and none is counted. */
class ConnectMemoryTest extends BrokerTest {

    private static final int CLIENTS = 500;
    private static final String LONG = "x".repeat(8_000);

    /** What one more connection takes that comes with these header lines. */
    private long heapOfEach(String lines) {
        connected(50, lines).forEach(BareClient::isLost);
        long before = HeapMeter.usedBytes();
        List<BareClient> all = connected(CLIENTS, lines);
        long grown = HeapMeter.usedBytes() - before;
        assertThat(all).noneMatch(BareClient::isOver);
        all.forEach(BareClient::isLost);
        return grown / CLIENTS;
    }

    private List<BareClient> connected(int clients, String lines) {
        return IntStream.range(0, clients)
                .mapToObj(i -> BareClient.thatForgets(broker, loop, lines))
                .toList();
    }

    @Test
    void aRequestIdIsNotKept() {
        long without = heapOfEach("");
        assertThat(heapOfEach("request-id:" + LONG + "\n")).isLessThan(without + 1_000);
    }

    @Test
    void aLongLoginIsNotKeptOfAUserWhoIsKnownByAnotherName() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticator(c -> CompletableFuture.completedFuture(Principal.of("alice"))))
                .build());
        long without = heapOfEach("login:alice\n");
        assertThat(heapOfEach("login:" + LONG + "\n")).isLessThan(without + 1_000);
    }

    @Test
    void aLoginThatNobodyChecksIsNoLongerThanAnId() {
        Client alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + "a".repeat(255) + "\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        Client bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + "é".repeat(128) + "\n\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "id too long", "login has 256 B", "255", "max_id_bytes");
    }
}

package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.HeartBeat;
import io.fanfare.server.TestServer;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Heart-beats, with a broker that offers and wants one every 100 ms. Time passes here; no client of these tests has to be
 * quicker than within seconds.
 */
class HeartBeatsIT {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(server -> server.broker(BrokerOptions.builder()
            .heartBeat(h -> h.heartBeat(new HeartBeat(INTERVAL, INTERVAL)))
            .limits(l -> l.frameTimeout(Duration.ofHours(1)))
            .build()));

    private static StompSocket connect(Transport transport, String heartBeat) {
        return SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:" + heartBeat + "\n\n^@")
                .got("CONNECTED\nversion:1.2\nheart-beat:100,100\n\n^@");
    }

    /** One client over each transport; both wait for the same time. */
    private static List<StompSocket> both(Function<Transport, StompSocket> client) {
        return Arrays.stream(Transport.values()).map(client).toList();
    }

    /** Not an octet has come for any of them in more time than a client that falls silent has. */
    private static void areLeftAlone(List<StompSocket> clients) {
        clients.get(0).silentFor(INTERVAL.multipliedBy(15));
        clients.forEach(client -> client.silentFor(Duration.ofMillis(1)).gotNothing());
    }

    @Test
    @DisplayName("item 70: who says nothing of heart-beats gets none and need send none")
    void whoDoesNotAskGetsNone() {
        areLeftAlone(both(transport -> SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\nheart-beat:100,100\n\n^@")));
    }

    @OverBoth
    @DisplayName("items 71, 72, 73: the longer interval counts, and a heart-beat comes in each, alone")
    void aHeartBeatComesInEachInterval(Transport transport) {
        long start = System.nanoTime();
        StompSocket client = connect(transport, "0,300");
        client.gotHeartBeat().gotHeartBeat().gotHeartBeat();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(600));
    }

    @Test
    @DisplayName("item 71: 0 switches a direction off")
    void zeroSwitchesADirectionOff() {
        areLeftAlone(both(transport -> connect(transport, "0,0")));
    }

    @OverBoth
    @DisplayName("items 72, 74, case 42: heart-beats stand between frames, however many there are")
    void heartBeatsStandBetweenFrames(Transport transport) {
        StompSocket client = connect(transport, "0,100").subscribes("id:0\ndestination:/topic/a");
        String body = "x".repeat(100_000);
        for (int i = 0; i < 20; i++) {
            SERVER.broker()
                    .publish(
                            "/topic/a",
                            io.fanfare.frame.Headers.EMPTY,
                            body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            client.gotMessage(body);
            if (i % 5 == 0) {
                client.gotHeartBeat();
            }
        }
    }

    @OverBoth
    @DisplayName("item 75, case 67: a client that falls silent is told, and not before twice its interval")
    void whoFallsSilentIsTold(Transport transport) {
        long start = System.nanoTime();
        connect(transport, "100,0").gotError(4408, "heart-beats missed");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(INTERVAL.multipliedBy(2));
    }

    @Test
    @DisplayName("item 76, case 68: any octet is a sign of life, half a frame too")
    void anyOctetIsASignOfLife() {
        // they are given up after nine seconds without an octet
        List<StompSocket> clients = both(transport -> connect(transport, "4000,1000"));
        String frame = "SEND\ndestination:/queue/nobody\nttl:0\nreceipt:r\n\nhello^@";
        // each of the broker's heart-beats, the first after seven eighths of a second, is answered by one octet
        int octets = 12;
        for (int i = 0; i < octets; i++) {
            String octet = frame.substring(i, i + 1);
            clients.forEach(client -> client.gotHeartBeat().sends(octet));
        }
        clients.forEach(client -> client.sends(frame.substring(octets)).got("RECEIPT\nreceipt-id:r\n\n^@"));
    }

    @OverBoth
    @DisplayName("item 77, case 66: what is no pair of numbers is an ERROR")
    void whatIsNoPairIsAnError(Transport transport) {
        for (String malformed : new String[] {"a,b", "1", "-1,0", "1,2,3", "", "1 2,3"}) {
            SERVER.open(transport)
                    .sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:" + malformed + "\n\n^@")
                    .gotError(1002, "invalid heart-beat", "10000,10000");
        }
    }

    @Test
    @DisplayName("item 77, case 66: 2^40 ms are a long time, and not a short one")
    void hugeNumbersDoNotOverflow() {
        areLeftAlone(both(transport -> connect(transport, "1099511627776,1099511627776")));
    }

    @Test
    @DisplayName("item 78: a 1.0 session has no heart-beats")
    void a10SessionHasNone() {
        areLeftAlone(both(transport -> SERVER.open(transport)
                .sends("CONNECT\nheart-beat:100,100\n\n^@")
                .got("CONNECTED\nversion:1.0\n\n^@")));
    }
}

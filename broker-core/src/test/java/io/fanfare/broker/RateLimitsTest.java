package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send too much: first they wait, then they go. */
class RateLimitsTest extends BrokerTest {

    /** Ten messages a second, fifty at once. */
    private static final UnaryOperator<BrokerOptions.Builder> TEN = options -> options.rates(r -> r.maxMessageRate(10));

    private void limit(UnaryOperator<BrokerOptions.Builder> limits) {
        brokerWith(limits.apply(BrokerOptions.builder()).build());
    }

    private static String sends(int from, int to) {
        StringBuilder frames = new StringBuilder();
        IntStream.rangeClosed(from, to)
                .forEach(i -> frames.append("SEND\ndestination:/topic/a\nreceipt:")
                        .append(i)
                        .append("\n\nhi^@"));
        return frames.toString();
    }

    private static int lastReceipt(Client client) {
        return client.takeAll().stream()
                .filter(frame -> frame.command().equals("RECEIPT"))
                .mapToInt(frame -> Integer.parseInt(frame.header("receipt-id")))
                .max()
                .orElse(0);
    }

    @Test
    void aBurstIsTakenAtOnce() {
        limit(TEN);
        var alice = connect();
        alice.sends(sends(1, 50));
        assertThat(lastReceipt(alice)).isEqualTo(50);
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    @DisplayName("item 128: what is more waits unread, and then comes in order")
    void whatIsMoreWaitsUnreadAndThenComesInOrder() {
        limit(TEN);
        var alice = connect();
        alice.sends(sends(1, 60));
        assertThat(lastReceipt(alice)).isEqualTo(51);
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(500));
        assertThat(lastReceipt(alice)).isBetween(54, 57);
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(600));
        assertThat(lastReceipt(alice)).isEqualTo(60);
        pass(Duration.ofMillis(200));
        assertThat(alice.connection().isSuspended()).isFalse();
        alice.isOpen();
    }

    @Test
    void whatComesInPiecesMeanwhileComesBehind() {
        limit(TEN);
        var alice = connect();
        alice.sends(sends(1, 53) + "SEND\ndestination:/topic/a\nrece");
        alice.feeds("ipt:54\n\nhi^@");
        pass(Duration.ofSeconds(1));
        assertThat(lastReceipt(alice)).isEqualTo(54);
    }

    @Test
    void whoStaysWithinTheRateNeverWaits() {
        limit(TEN);
        var alice = connect();
        for (int i = 1; i <= 500; i++) {
            alice.sends(sends(i, i));
            assertThat(alice.connection().isSuspended()).isFalse();
            pass(Duration.ofMillis(100));
        }
        assertThat(lastReceipt(alice)).isEqualTo(500);
    }

    @Test
    @DisplayName("item 128: who keeps sending too much is closed with 4429 after ten seconds of waiting in a minute")
    void whoKeepsAtItIsClosed() {
        limit(TEN);
        var alice = connect();
        int sent = 0;
        for (int i = 0; i < 30 && alice.connection().closeCode() == null; i++) {
            alice.sends(sends(sent + 1, sent + 20));
            sent += 20;
            pass(Duration.ofSeconds(1));
        }
        assertThat(sent).isBetween(100, 300);
        assertThat(alice.connection().closeCode()).isEqualTo(CloseCode.RATE_LIMIT);
        assertThat(CloseCode.RATE_LIMIT.code()).isEqualTo(4429);
        var all = alice.takeAll();
        var error = all.get(all.size() - 1);
        assertThat(error.header("message")).isEqualTo("rate limit");
        assertThat(error.text()).contains("10 messages a second (max_message_rate)", "10,000", "(max_rate_delay)");
    }

    @Test
    void aMinuteLaterItIsForgiven() {
        limit(TEN);
        var alice = connect();
        for (int minute = 0; minute < 5; minute++) {
            // waits for six seconds
            alice.sends(sends(1, 110));
            pass(Duration.ofMinutes(1));
        }
        alice.isOpen();
    }

    @Test
    void bytesCountToo() {
        limit(options -> options.rates(r -> r.maxByteRate(1_000)));
        var alice = connect();
        String frame = "SEND\ndestination:/topic/a\nreceipt:r\n\n" + "x".repeat(3_000) + "^@";
        alice.sends(frame);
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends(frame);
        alice.gotNothing();
        pass(Duration.ofMillis(1_300));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(11_000) + "^@");
        alice.gotError(CloseCode.RATE_LIMIT, "rate limit", "1,000 bytes a second (max_byte_rate)");
    }

    @Test
    void allConnectionsOfAUserCountTogether() {
        limit(options -> options.rates(r -> r.maxUserMessageRate(10)));
        var here = Clients.connectAs(this, "alice");
        var there = Clients.connectWith(this, "login:alice", otherLoop);
        var bob = Clients.connectAs(this, "bob");
        here.sends(sends(1, 40));
        there.sends(sends(1, 40));
        bob.sends(sends(1, 40));
        assertThat(lastReceipt(here)).isEqualTo(40);
        assertThat(lastReceipt(there)).isEqualTo(11);
        assertThat(lastReceipt(bob)).isEqualTo(40);
        pass(Duration.ofSeconds(4));
        assertThat(lastReceipt(there)).isEqualTo(40);
        here.isOpen();
    }

    @Test
    void bytesOfAUserCountTogether() {
        limit(options -> options.rates(r -> r.maxUserByteRate(1_000)));
        var here = Clients.connectAs(this, "alice");
        var there = Clients.connectWith(this, "login:alice", otherLoop);
        here.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(4_000) + "^@");
        there.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(3_000) + "^@");
        assertThat(here.connection().isSuspended()).isFalse();
        assertThat(there.connection().isSuspended()).isTrue();
        there.sends("SEND\ndestination:/topic/a\n\n" + "x".repeat(30_000) + "^@");
        there.gotError(CloseCode.RATE_LIMIT, "rate limit", "bytes of one user", "max_user_byte_rate");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ratesAndFrames")
    void whatTheRateAllowsIsTakenAtOnceAndOneMoreIsTooMuchWhereNobodyMayWait(
            String key, UnaryOperator<BrokerOptions.Builder> rate, String frame) {
        limit(options -> rate.apply(options)
                .rates(r -> r.rateBurst(Duration.ofSeconds(1)).maxRateDelay(Duration.ZERO)));
        var alice = Clients.connectAs(this, "alice");
        alice.sends(frame.repeat(5));
        alice.isOpen();
        alice.sends(frame);
        alice.gotError(CloseCode.RATE_LIMIT, "rate limit", "a second (" + key + ")", "(max_rate_delay)");
    }

    static Stream<Arguments> ratesAndFrames() {
        String send = "SEND\ndestination:/topic/a\n\nhi^@";
        String subscribe = "SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@";
        return Stream.of(
                rate("max_message_rate", options -> options.rates(r -> r.maxMessageRate(5)), send),
                rate("max_user_message_rate", options -> options.rates(r -> r.maxUserMessageRate(5)), send),
                rate(
                        "max_subscribe_rate",
                        options -> options.rates(r -> r.maxSubscribeRate(10)),
                        subscribe + "UNSUBSCRIBE\nid:0\n\n^@"));
    }

    private static Arguments rate(String key, UnaryOperator<BrokerOptions.Builder> rate, String frame) {
        return Arguments.of(key, rate, frame);
    }

    @Test
    @DisplayName("case 42: ten megabytes of heart-beats are not read to their end")
    void aFloodOfLineFeeds() {
        var alice = connect();
        byte[] flood = "\n".repeat(256 << 10).getBytes(US_ASCII);
        alice.sends(flood);
        alice.gotError(CloseCode.RATE_LIMIT, "rate limit", "200 pings, heart-beats", "max_control_rate");
    }

    @Test
    @DisplayName("case 42: some hundred heart-beats at once cost a wait and nothing else")
    void manyLineFeeds() {
        var alice = connect();
        alice.sends("\n".repeat(1_500) + "SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(2_600));
        assertThat(alice.connection().isSuspended()).isFalse();
        alice.isOpen();
    }

    @ParameterizedTest
    @DisplayName("case 42: the line's end that clients send behind a frame costs nothing")
    @ValueSource(strings = {"\n", "\r\n", "\n\n\n\n", "\r\n\r\n\r\n\r\n"})
    void lineEndsBehindFrames(String end) {
        var alice = connect();
        alice.sends(("SEND\ndestination:/topic/a\n\nhi^@" + end).repeat(5_000));
        assertThat(alice.connection().isSuspended()).isFalse();
        alice.isOpen();
    }

    @Test
    @DisplayName("case 22: pings, empty messages and what else the transport finds of no use")
    void whatTheTransportCounts() {
        var alice = connect();
        alice.loop().run(() -> {
            for (int i = 0; i < 1_200; i++) {
                alice.session().countControlFrame();
            }
        });
        settle();
        assertThat(alice.connection().isSuspended()).isTrue();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.gotNothing();
        pass(Duration.ofMillis(1_100));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void aStormOfSubscriptionsWaits() {
        var alice = connect();
        alice.sends(("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@UNSUBSCRIBE\nid:0\n\n^@").repeat(3_000)
                + "SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@");
        alice.gotNothing();
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(1_500));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.isOpen();
    }

    @Test
    void aPageThatSubscribesToAllItMayDoesNot() {
        var alice = connect();
        StringBuilder all = new StringBuilder();
        IntStream.range(0, 1_024)
                .forEach(i -> all.append("SUBSCRIBE\nid:").append(i).append("\ndestination:/topic/a\n\n^@"));
        alice.sends(all.toString());
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void beforeConnectTheyCountAsWell() {
        var alice = open();
        alice.sends("\n".repeat(5_000));
        alice.gotError(CloseCode.RATE_LIMIT, "rate limit", "max_control_rate");
    }

    @Test
    void whoMustWaitIsNotGivenUpForItsSilence() {
        limit(options -> options.rates(
                r -> r.maxByteRate(100).rateBurst(Duration.ofSeconds(1)).maxRateDelay(Duration.ofSeconds(60))));
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nheart-beat:1000,0\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nheart-beat:*\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\n\n" + "x".repeat(5_000) + "^@SEND\nhalf");
        pass(Duration.ofSeconds(45));
        alice.isOpen();
        pass(Duration.ofSeconds(8));
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void whoGoesWhileItWaitsIsForgotten() {
        limit(TEN);
        var alice = connect();
        alice.sends(sends(1, 60));
        alice.isLost();
        assertThat(broker.sessionCount()).isZero();
        assertThat(loop.nanosToTimer())
                .as("no timer is left")
                .isEqualTo(Duration.ofDays(1).toNanos());
    }

    @Test
    void zeroIsNoLimit() {
        limit(options -> options.rates(r -> r.maxSubscribeRate(0).maxControlRate(0)));
        var alice = connect();
        alice.sends("\n".repeat(100_000) + sends(1, 20_000));
        assertThat(lastReceipt(alice)).isEqualTo(20_000);
    }
}

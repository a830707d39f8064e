package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeartBeat;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import io.fanfare.testing.Received;
import io.fanfare.testing.Transcript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** New credentials for a connection that goes on. */
class RenewalTest extends BrokerTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final String AUTH = "SEND\ndestination:/broker/auth\n";
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\n";

    /** The principal of each token. */
    private final Map<String, CompletableFuture<Principal>> answers = new HashMap<>();

    private final List<Credentials> asked = new ArrayList<>();

    @BeforeEach
    void authenticate() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.authenticationTimeout(Duration.ofSeconds(10))
                        .authenticator(this::authenticate)
                        .authorizer((who, action, destination) ->
                                action == Action.SEND || who.roles().contains("reader")))
                .build());
        known("first", "alice", HOUR, "reader");
        known("second", "alice", HOUR.multipliedBy(2), "reader");
        known("for ever", "alice", null, "reader");
        known("powerless", "alice", HOUR);
        known("expired", "alice", Duration.ofHours(-1), "reader");
        known("mallory", "mallory", HOUR, "reader");
        answers.put("wrong", CompletableFuture.failedFuture(new AuthenticationException("forged")));
        answers.put("broken", CompletableFuture.failedFuture(new IllegalStateException("no directory")));
        answers.put("slow", new CompletableFuture<>());
    }

    private void known(String token, String name, @Nullable Duration lasts, String... roles) {
        answers.put(token, CompletableFuture.completedFuture(principal(name, lasts, roles)));
    }

    private static Principal principal(String name, @Nullable Duration lasts, String... roles) {
        Instant expires = lasts == null ? null : Instant.now().plus(lasts);
        return new Principal(name, Set.of(roles), Map.of(), expires);
    }

    private CompletionStage<Principal> authenticate(Credentials credentials) {
        asked.add(credentials);
        return answers.getOrDefault(
                String.valueOf(credentials.passcode()),
                CompletableFuture.failedFuture(new AuthenticationException("?")));
    }

    private Client alice() {
        return Clients.connectWith(this, "login:alice\npasscode:first");
    }

    private Client softly() {
        return Clients.connectWith(this, "login:alice\npasscode:first\nsoft-errors:true");
    }

    private void answerSlowOne(Principal principal) {
        answers.get("slow").complete(principal);
        settle();
    }

    // ---- what it brings ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"passcode:second\n\n", "\nsecond", "content-type:text/plain\n\n second\n"})
    void aNewTokenPutsTheEndOff(String token) {
        var alice = alice();
        alice.sends(AUTH + "receipt:r\n" + token + "^@");
        var receipt = alice.got("RECEIPT\nreceipt-id:r\nsession-expires:*\n\n^@");
        assertThat(Long.parseLong(receipt.header("session-expires")))
                .isBetween(HOUR.plusMinutes(55).toMillis(), HOUR.multipliedBy(2).toMillis());
        pass(HOUR.plusMinutes(50));
        alice.isOpen();
        pass(Duration.ofMinutes(11));
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired");
    }

    @Test
    void aTokenWithoutAnEndLeavesNone() {
        var alice = alice();
        alice.sends(AUTH + "passcode:for ever\nreceipt:r\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        pass(HOUR.multipliedBy(5));
        alice.isOpen();
    }

    @Test
    void withoutAReceiptNothingIsSaid() {
        var alice = alice();
        alice.sends(AUTH + "passcode:second\n\n^@");
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    void nobodyElseGetsIt() {
        var bob = Clients.connectWith(this, "passcode:first");
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        alice().sends(AUTH + "passcode:second\n\nsecond^@");
        bob.gotNothing();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void theWarningComesAgain() {
        var alice = softly();
        pass(HOUR.minusSeconds(15));
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("session-expires-soon");
        alice.sends(AUTH + "passcode:second\n\n^@");
        // the wall clock has not moved: there are two hours more
        pass(HOUR.minusMinutes(5));
        alice.gotNothing();
    }

    @Test
    @DisplayName("what the new token does not allow ends at once (CVE-2026-57218)")
    void fewerRightsCountAtOnce() {
        var alice = alice();
        alice.sends(SUBSCRIBE + "\n^@");
        alice.sends(AUTH + "passcode:powerless\nreceipt:r\n\n^@");
        var error = alice.gotError(CloseCode.POLICY, "permission withdrawn", "'/topic/a'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void withSoftErrorsOnlyTheSubscriptionEnds() {
        var alice = softly();
        alice.sends(SUBSCRIBE + "\n^@");
        alice.sends(AUTH + "passcode:powerless\nreceipt:r\n\n^@");
        var ended = alice.next("expected the end of the subscription");
        assertThat(ended.header("error-code")).isEqualTo("permission-withdrawn");
        assertThat(ended.header("error-subscription")).isEqualTo("0");
        alice.got("RECEIPT\nreceipt-id:r\nsession-expires:*\n\n^@");
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
        alice.gotNothing();
    }

    @Test
    void moreRightsCountForWhatComesBehindIt() {
        var alice = Clients.connectWith(this, "login:alice\npasscode:powerless");
        alice.sends(AUTH + "passcode:slow\n\n^@" + SUBSCRIBE + "receipt:s\n\n^@");
        alice.gotNothing();
        answerSlowOne(principal("alice", HOUR, "reader"));
        alice.got("RECEIPT\nreceipt-id:s\n\n^@");
    }

    // ---- what the authenticator is asked ----------------------------------------------------------------------------

    @Test
    void theOldTokenCountsNoMore() {
        var alice = Clients.connectWith(this, "login:alice\npasscode:first\nAuthorization:Bearer old");
        alice.sends(AUTH + "passcode:second\n\n^@" + AUTH + "Authorization:Bearer new\n\nbody^@");
        assertThat(asked).hasSize(3);
        Credentials second = asked.get(1);
        assertThat(second.login()).isEqualTo("alice");
        assertThat(second.passcode()).isEqualTo("second");
        assertThat(second.authorization()).isNull();
        assertThat(second.handshake().headers()).isEmpty();
        assertThat(second.handshake().address()).isEqualTo("c1");
        assertThat(asked.get(2).passcode()).isNull();
        assertThat(asked.get(2).authorization()).isEqualTo("Bearer new");
    }

    // ---- what does not help -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongTokenEndsTheConnection(boolean soft) {
        var alice = soft ? softly() : alice();
        alice.sends(AUTH + "passcode:wrong\nreceipt:r\n\n^@");
        var error = alice.gotError(CloseCode.POLICY, "authentication failed");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(error.toString()).doesNotContain("forged").doesNotContain("wrong");
    }

    @Test
    void aLateRefusalDoesSoToo() {
        var alice = softly();
        alice.sends(AUTH + "passcode:slow\nreceipt:r\n\n^@");
        answers.get("slow").completeExceptionally(new AuthenticationException("forged"));
        settle();
        alice.gotError(CloseCode.POLICY, "authentication failed");
    }

    @Test
    void anotherUsersTokenEndsTheConnection() {
        var alice = softly();
        alice.sends(AUTH + "passcode:mallory\n\n^@");
        alice.gotError(CloseCode.POLICY, "authentication failed", "another user needs another connection");
    }

    @Test
    void aTokenThatHasExpiredEndsTheConnection() {
        var alice = softly();
        alice.sends(AUTH + "passcode:expired\n\n^@");
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired");
    }

    @Test
    void whenNobodyCanTellTheOldTokenCountsForThoseWithSoftErrors() {
        var alice = softly();
        alice.sends(SUBSCRIBE + "\n^@" + AUTH + "passcode:broken\nreceipt:r\n\n^@");
        var error = alice.next("expected a soft error");
        assertThat(error.header("error-code")).isEqualTo("authentication-unavailable");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(error.toString()).doesNotContain("directory");
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
        pass(HOUR.plusMinutes(1));
        assertThat(alice.takeAll()).extracting(Received::command).endsWith("ERROR");
        var bob = alice();
        bob.sends(AUTH + "passcode:broken\n\n^@");
        bob.gotError(CloseCode.OVERLOAD, "authentication unavailable");
    }

    @Test
    void withoutATokenNothingIsAsked() {
        var alice = softly();
        alice.sends(AUTH + "\n^@" + AUTH + "\n \n^@" + AUTH + "transaction:t\npasscode:second\n\n^@");
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("missing-passcode", "missing-passcode", "invalid-transaction");
        assertThat(asked).hasSize(1);
        var bob = alice();
        bob.sends(AUTH + "\n^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "missing passcode", "/broker/auth");
    }

    // ---- while the answer is awaited --------------------------------------------------------------------------------

    @Test
    void theClientIsNotReadAndStillGetsItsMessages() {
        var alice = alice();
        alice.sends(SUBSCRIBE + "\n^@" + AUTH + "passcode:slow\nreceipt:1\n\n^@");
        assertThat(alice.connection().isSuspended()).isTrue();
        Clients.connectWith(this, "passcode:first").sends("SEND\ndestination:/topic/a\n\nhi^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
        answerSlowOne(principal("alice", HOUR, "reader"));
        alice.got("RECEIPT\nreceipt-id:1\nsession-expires:*\n\n^@");
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void whatComesBehindItIsDoneAfterIt() {
        var alice = alice();
        alice.sends(AUTH + "passcode:slow\nreceipt:1\n\n^@" + SUBSCRIBE + "receipt:2\n\n^@SEND\ndesti");
        alice.sends("nation:/topic/a\nreceipt:3\n\nhi^@");
        alice.gotNothing();
        answerSlowOne(principal("alice", null, "reader"));
        alice.got("RECEIPT\nreceipt-id:1\n\n^@", "RECEIPT\nreceipt-id:2\n\n^@", "RECEIPT\nreceipt-id:3\n\n^@");
        assertThat(alice.takeBodies()).containsExactly("hi");
    }

    @Test
    void aReadsWorthOfFramesMayComeBehindIt() {
        String head = SUBSCRIBE + "\n^@SEND\ndestination:/topic/a\n\n";
        String frames = head + "x".repeat((1 << 20) - head.length()) + "^@";
        assertThat(Transcript.bytes(frames)).hasSize(1 << 20);
        var alice = alice();
        alice.sends(AUTH + "passcode:slow\n\n^@" + frames);
        answerSlowOne(principal("alice", HOUR, "reader"));
        assertThat(alice.takeBodies()).hasSize(1);
        alice.isOpen();
    }

    @Test
    void noMoreThanThatIsKept() {
        var alice = alice();
        // what one read brings, and what one message is inflated to
        int most = (1 << 20) + BrokerOptions.DEFAULT.limits().frameLimits().maxFrameBytes();
        alice.sends(AUTH + "passcode:slow\n\n^@" + "x".repeat(most + 1));
        alice.gotError(CloseCode.TOO_BIG, "frame too large", String.format("%,d B", most + 1), "/broker/auth");
        answerSlowOne(principal("alice", HOUR, "reader"));
        alice.gotNothing();
    }

    @Test
    void itIsNotAwaitedForEver() {
        var alice = softly();
        alice.sends(AUTH + "passcode:slow\n\n^@");
        pass(Duration.ofSeconds(11));
        alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "SEND", "authentication_timeout");
        answerSlowOne(principal("alice", HOUR, "reader"));
        alice.gotNothing();
    }

    @Test
    void heartBeatsGoOnAndAreNotMissed() {
        brokerWith(BrokerOptions.builder()
                .heartBeat(h -> h.heartBeat(new HeartBeat(Duration.ofSeconds(1), Duration.ofSeconds(1))))
                .auth(a -> a.authenticator(this::authenticate))
                .build());
        var alice = Clients.connectWith(this, "login:alice\npasscode:first\nheart-beat:1000,1000");
        alice.sends(AUTH + "passcode:slow\nreceipt:1\n\n^@");
        pass(Duration.ofSeconds(8));
        assertThat(alice.takeAll()).hasSizeGreaterThan(5).allMatch(Received::isHeartBeat);
        answerSlowOne(principal("alice", HOUR, "reader"));
        alice.got("RECEIPT\nreceipt-id:1\nsession-expires:*\n\n^@");
        pass(Duration.ofSeconds(2));
        alice.isOpen();
        pass(Duration.ofSeconds(2));
        assertThat(alice.takeAll()).extracting(Received::command).endsWith("ERROR");
        alice.wasClosed(CloseCode.HEART_BEAT_MISSED);
    }

    @Test
    void whoHasGoneMeanwhileIsForgotten() {
        var alice = alice();
        alice.sends(AUTH + "passcode:slow\n\n^@");
        alice.isLost();
        answerSlowOne(principal("alice", HOUR, "reader"));
        assertThat(broker.sessionCount()).isZero();
    }
}

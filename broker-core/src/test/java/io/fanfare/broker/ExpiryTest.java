package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Principal;
import io.fanfare.session.SessionExpiry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that expire under a connection. The wall clock goes on meanwhile, so nothing here is exact to the second. */
class ExpiryTest extends BrokerTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private @Nullable Instant expires = Instant.now().plus(HOUR);

    @BeforeEach
    void authenticate() {
        brokerWith(BrokerOptions.builder()
                .auth(a -> a.expiryWarning(Duration.ofMinutes(10))
                        .authenticator(credentials ->
                                CompletableFuture.completedFuture(new Principal("alice", Set.of(), Map.of(), expires))))
                .build());
    }

    private Client softly() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nsoft-errors:true\n\n^@");
        alice.got("CONNECTED\nversion:1.2\nsoft-errors:true\nsession-expires:*\n\n^@");
        return alice;
    }

    @Test
    void connectedTellsHowLongTheSessionLasts() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@");
        var connected = alice.got("CONNECTED\nversion:1.2\nsession-expires:*\n\n^@");
        assertThat(Long.parseLong(connected.header("session-expires")))
                .isBetween(HOUR.minusMinutes(5).toMillis(), HOUR.toMillis());
    }

    @Test
    void withoutAnEndNothingIsTold() {
        expires = null;
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        pass(HOUR.multipliedBy(3));
        alice.isOpen();
    }

    @Test
    @DisplayName("what a token allowed ends with it, reading too (CVE-2026-67420)")
    void theSessionEndsWithItsToken() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.next("expected CONNECTED");
        pass(HOUR.minusMinutes(5));
        alice.isOpen();
        alice.gotNothing();
        pass(Duration.ofMinutes(6));
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired", "/broker/auth");
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void whoHasSoftErrorsIsWarned() {
        var alice = softly();
        pass(Duration.ofMinutes(45));
        alice.gotNothing();
        pass(Duration.ofMinutes(6));
        var warning = alice.got("MESSAGE\nsubscription:$error\ndestination:/broker/errors\n"
                + "error-code:session-expires-soon\nsession-expires:*\nmessage:session expires soon\ncontent-type:*\n\n"
                + "*/broker/auth^@");
        assertThat(Long.parseLong(warning.header("session-expires")))
                .isBetween(
                        Duration.ofMinutes(9).toMillis(), Duration.ofMinutes(10).toMillis());
        pass(Duration.ofMinutes(10));
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired");
    }

    @Test
    void aShortSessionIsWarnedOfInItsMiddle() {
        expires = Instant.now().plus(Duration.ofMinutes(16));
        var alice = softly();
        pass(Duration.ofMinutes(6));
        alice.gotNothing();
        pass(Duration.ofMinutes(3));
        assertThat(alice.takeAll())
                .extracting(each -> each.header("error-code"))
                .containsExactly("session-expires-soon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2020-01-01T00:00:00Z"})
    void whatHasExpiredAlreadyLetsNobodyIn(String when) {
        expires = Instant.parse(when);
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nsoft-errors:true\n\n^@");
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired");
    }

    @Test
    void whatExpiresRightNowHasExpiredAndChangesNothing() {
        Client alice = softly();
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        AtomicInteger warnings = new AtomicInteger();
        SessionExpiry expiry =
                new SessionExpiry(alice.session(), Duration.ofMinutes(1), () -> now, warnings::incrementAndGet);
        loop.run(() -> {
            expiry.set(now.plusSeconds(90));
            assertThatThrownBy(() -> expiry.set(now)).isInstanceOf(ProtocolException.class);
            assertThat(expiry.left()).isEqualTo(Duration.ofSeconds(90));
            expiry.set(now.plusMillis(1));
            assertThat(expiry.left()).isEqualTo(Duration.ofMillis(1));
            expiry.set(null);
            assertThat(expiry.left()).isNull();
        });
        pass(Duration.ofMinutes(2));
        alice.isOpen();
        assertThat(warnings).hasValue(0);
    }

    @Test
    void anEndThatIsFarAwayIsNoTrouble() {
        expires = Instant.MAX;
        var alice = softly();
        pass(Duration.ofDays(2));
        alice.isOpen();
    }

    @Test
    void whoHasGoneExpiresNoMore() {
        var alice = softly();
        alice.sends("DISCONNECT\n\n^@");
        pass(HOUR);
        alice.wasClosed(CloseCode.NORMAL);
        alice.gotNothing();
    }

    @ParameterizedTest
    @ValueSource(longs = {-60, 60})
    @DisplayName("case 84: the clock on the wall may jump an hour; a session ends when its time has passed")
    void aJumpOfTheWallClockChangesNothing(long minutes) {
        var alice = softly();
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
        AtomicInteger warnings = new AtomicInteger();
        SessionExpiry expiry =
                new SessionExpiry(alice.session(), Duration.ofMinutes(1), wall::get, warnings::incrementAndGet);
        loop.run(() -> expiry.set(Instant.parse("2026-01-01T12:30:00Z")));
        wall.set(wall.get().plus(Duration.ofMinutes(minutes)));
        pass(Duration.ofMinutes(28));
        assertThat(warnings).hasValue(0);
        assertThat(expiry.left()).isEqualTo(Duration.ofMinutes(2));
        pass(Duration.ofMinutes(1).plusSeconds(1));
        assertThat(warnings).hasValue(1);
        alice.isOpen();
        pass(Duration.ofMinutes(1));
        alice.gotError(CloseCode.TOKEN_EXPIRED, "session expired");
        loop.run(expiry::stop);
    }
}

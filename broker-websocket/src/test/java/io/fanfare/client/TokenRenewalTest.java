package io.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The renewal of tokens, with a clock that the test moves. */
class TokenRenewalTest {

    private final FakeBroker broker = new FakeBroker();
    private final List<String> failures = new ArrayList<>();
    private int asked;

    private StompClient expiring(long millis) {
        return broker.client("CONNECTED\nversion:1.2\nheart-beat:0,0\nsession-expires:" + millis + "\n\n^@");
    }

    private Runnable renews(StompClient client) {
        return renews(client, () -> "token-" + ++asked);
    }

    private Runnable renews(StompClient client, Supplier<String> token) {
        return client.renewTokens(token, failure -> failures.add(failure.getMessage()));
    }

    private void passes(long millis) {
        broker.timer.pass(Duration.ofMillis(millis));
    }

    private void gotToken(int number) {
        String headers = "receipt:r" + number + "\ndestination:/broker/auth\npasscode:token-" + number;
        broker.got("SEND\n" + headers + "\n\n^@");
    }

    private void confirms(int number, long millis) {
        broker.sends("RECEIPT\nreceipt-id:r" + number + "\nsession-expires:" + millis + "\n\n^@");
    }

    @ParameterizedTest
    @CsvSource({"600000, 570000", "60002, 30002", "60000, 30000", "10000, 5000"})
    void aNewTokenIsSentHalfAMinuteBeforeTheEndOrAfterHalfOfTheTime(long expires, long due) {
        renews(expiring(expires));
        passes(due - 1);
        assertThat(asked).isZero();
        broker.gotNothing();
        passes(1);
        gotToken(1);
    }

    @Test
    void eachReceiptSaysWhenTheNextIsDue() {
        renews(expiring(10_000));
        passes(5_000);
        gotToken(1);
        confirms(1, 20_000);
        passes(9_999);
        broker.gotNothing();
        passes(1);
        gotToken(2);
    }

    @Test
    void theTimeCountsFromConnected() {
        StompClient client = expiring(600_000);
        passes(400_000);
        renews(client);
        passes(169_999);
        broker.gotNothing();
        passes(1);
        gotToken(1);
    }

    @Test
    void twoRenewalsOfOneClientSendOneToken() {
        StompClient client = expiring(10_000);
        renews(client);
        Runnable second = renews(client);
        passes(4_000);
        Runnable third = renews(client);
        second.run();
        passes(1_000);
        gotToken(1);
        confirms(1, 600_000);
        passes(569_999);
        broker.gotNothing();
        assertThat(asked).isEqualTo(1);
        third.run();
        passes(1);
        gotToken(2);
    }

    @Test
    void aTokenThatCannotBeHadIsAskedForAgainUntilASecondIsLeft() {
        renews(expiring(8_000), () -> {
            asked++;
            throw new IllegalStateException("offline");
        });
        passes(20_000);
        assertThat(asked).as("with 4, 2 and 1 seconds left").isEqualTo(3);
        assertThat(failures).containsExactly("offline", "offline", "offline");
        broker.gotNothing();
    }

    @Test
    void aRefusalThatTheConnectionOutlivesIsToldAndTriedAgain() {
        renews(expiring(10_000));
        passes(5_000);
        gotToken(1);
        broker.sends("MESSAGE\nsubscription:$error\nmessage-id:1\ndestination:$error\nreceipt-id:r1\n"
                + "message:authentication failed\n\n^@");
        assertThat(failures).singleElement().asString().contains("authentication failed");
        passes(2_500);
        gotToken(2);
    }

    @Test
    void itEndsWithTheConnectionAndWhenItIsTold() {
        Runnable end = renews(expiring(10_000));
        end.run();
        passes(10_000);
        broker.gotNothing();

        FakeBroker other = new FakeBroker();
        StompClient client = other.client("CONNECTED\nversion:1.2\nheart-beat:0,0\nsession-expires:10000\n\n^@");
        renews(client);
        other.closes(1001, "");
        other.timer.pass(Duration.ofSeconds(10));
        renews(client);
        other.timer.pass(Duration.ofSeconds(10));
        assertThat(asked).isZero();
        assertThat(failures).isEmpty();
    }

    @Test
    void aSessionThatLastsIsLetBe() {
        renews(broker.client());
        passes(Duration.ofDays(3650).toMillis());
        assertThat(asked).isZero();
    }
}

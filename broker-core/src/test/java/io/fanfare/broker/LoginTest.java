package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.fanfare.frame.CloseCode;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Logins that an authenticator decides about, at once or later. */
class LoginTest extends BrokerTest {

    private static final String CONNECT = "CONNECT\naccept-version:1.2\nlogin:alice\npasscode:secret\nreceipt:r\n\n^@";

    private final List<Credentials> asked = new ArrayList<>();
    private CompletableFuture<Principal> answer = new CompletableFuture<>();

    private final List<String> logged = new ArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        for (Logger each : loggers()) {
            each.setLevel(Level.INFO);
            each.setAdditive(false);
            each.addAppender(appender);
        }
    }

    @AfterEach
    void listenNoMore() {
        for (Logger each : loggers()) {
            each.setLevel(null);
            each.setAdditive(true);
            each.detachAppender(appender);
        }
    }

    private static List<Logger> loggers() {
        return List.of((Logger) LoggerFactory.getLogger("io.fanfare.session.Authentication"), (Logger)
                LoggerFactory.getLogger("io.fanfare.connections"));
    }

    @BeforeEach
    void ask() {
        broker = new Broker(BrokerOptions.builder()
                .auth(a -> a.authenticator(this::authenticate))
                .build());
    }

    private CompletionStage<Principal> authenticate(Credentials credentials) {
        asked.add(credentials);
        return answer;
    }

    @Test
    void theClientIsWhoTheAuthenticatorSays() {
        answer = CompletableFuture.completedFuture(Principal.of("Alice"));
        var alice = open();
        alice.sends(CONNECT);
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@", "SEND\ndestination:/topic/a\n\nhi^@");
        alice.got("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\nuser-id:Alice\n\nhi^@");
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).login()).isEqualTo("alice");
        assertThat(asked.get(0).passcode()).isEqualTo("secret");
    }

    @Test
    void aUserThatIsKnownAlreadyIsTheClientWithoutAnAuthenticator() {
        var alice = open();
        alice.connection().principal(new Principal("Alice of the container", Set.of("admin"), Map.of(), null));
        alice.sends(CONNECT);
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@", "SEND\ndestination:/topic/a\n\nhi^@");
        alice.got(
                "MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\nuser-id:Alice of the container\n\nhi^@");
        alice.sends("SUBSCRIBE\nid:1\ndestination:/stats/overview\nreceipt:1\n\n^@");
        alice.got("RECEIPT\nreceipt-id:1\n\n^@");
        assertThat(asked).isEmpty();
        pass(broker.options().auth().loginTimeout().plusSeconds(1));
        alice.isOpen();
    }

    @Test
    void untilTheAnswerIsThereNothingIsRead() {
        var alice = open();
        alice.sends(CONNECT);
        assertThat(alice.connection().isSuspended()).isTrue();
        alice.gotNothing();
        answer.complete(Principal.of("alice"));
        settle();
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void whatCameBehindConnectIsDoneAfterIt() {
        var alice = open();
        alice.sends(CONNECT + "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:1\n\n^@SEND\ndesti");
        alice.sends("nation:/topic/a\n\nhi^@");
        alice.gotNothing();
        answer.complete(Principal.of("alice"));
        settle();
        alice.got(
                "CONNECTED\nversion:1.2\n\n^@",
                "RECEIPT\nreceipt-id:1\n\n^@",
                "MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\nuser-id:alice\n\nhi^@");
    }

    @Test
    void tooMuchBehindConnectIsRefused() {
        var alice = open();
        alice.sends(CONNECT + "x".repeat(65_537));
        alice.gotError(CloseCode.TOO_BIG, "frame too large", "65,537 B", "65,536", "max_frame_bytes_before_connected");
        answer.complete(Principal.of("alice"));
        settle();
        alice.gotNothing();
    }

    @Test
    void asMuchAsAFrameMayHaveBeforeConnectedMayComeBehindIt() {
        String head = "SEND\ndestination:/topic/a\nreceipt:1\n\n";
        String frame = head + "x".repeat(65_536 - head.length() - 1) + "^@";
        var alice = open();
        alice.sends(CONNECT, frame.substring(0, 60_000), frame.substring(60_000));
        alice.isOpen();
        answer.complete(Principal.of("alice"));
        settle();
        alice.got("CONNECTED\nversion:1.2\n\n^@", "RECEIPT\nreceipt-id:1\n\n^@");
    }

    @Test
    void tooMuchInSeveralReadsIsRefusedAsWell() {
        var alice = open();
        alice.sends(CONNECT, "x".repeat(65_536));
        alice.isOpen();
        alice.sends("x");
        alice.gotError(CloseCode.TOO_BIG, "frame too large", "65,537 B", "max_frame_bytes_before_connected");
    }

    @Test
    @DisplayName("item 66: who is not let in learns no more")
    void whoIsNotLetInLearnsNoMore() {
        answer.completeExceptionally(new AuthenticationException("no such user"));
        var alice = open();
        alice.sends(CONNECT);
        var error = alice.gotError(CloseCode.POLICY, "authentication failed", "credentials");
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(error.toString()).doesNotContain("no such user").doesNotContain("secret");
    }

    @Test
    void aLateRefusalIsTheSame() {
        var alice = open();
        alice.sends(CONNECT);
        answer.completeExceptionally(new AuthenticationException("no such user"));
        settle();
        alice.gotError(CloseCode.POLICY, "authentication failed", "credentials");
    }

    @Test
    @Tag("case-85")
    void anAuthenticatorThatBreaksIsNotTheClientsFault() {
        answer.completeExceptionally(new IllegalStateException("no connection to the directory"));
        var alice = open();
        alice.sends(CONNECT);
        var error = alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "not your fault");
        assertThat(error.toString()).doesNotContain("directory");
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("ERROR bug of the authenticator", "peer=c1", "login='alice'");
    }

    @Test
    void aBrokerThatCantTellNowSaysSo() {
        answer.completeExceptionally(new AuthenticationUnavailableException("too many at once"));
        var alice = open();
        alice.sends(CONNECT);
        var error = alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "try again later");
        assertThat(error.toString()).doesNotContain("too many");
        assertThat(logged).singleElement().asString().contains("WARN", "reason=too many at once");
    }

    @Test
    void anAuthenticatorMayThrowItsAnswer() {
        broker = new Broker(BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> {
                    throw new AuthenticationException("not today");
                }))
                .build());
        var alice = open();
        alice.sends(CONNECT);
        alice.gotError(CloseCode.POLICY, "authentication failed", "credentials");
        assertThat(logged).singleElement().asString().contains("reason=not today");
    }

    @Test
    void anAnswerThatIsNullLetsNobodyIn() {
        answer.complete(null);
        var alice = open();
        alice.sends(CONNECT);
        alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "not your fault");
    }

    @Test
    void noAnswerAtAllLetsNobodyIn() {
        answer = null;
        var alice = open();
        alice.sends(CONNECT);
        alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "not your fault");
    }

    @Test
    void aCancelledAnswerLetsNobodyIn() {
        answer.cancel(false);
        var alice = open();
        alice.sends(CONNECT);
        alice.gotError(CloseCode.OVERLOAD, "authentication unavailable", "not your fault");
    }

    @Test
    void oneLineTellsTheOperatorWhoAndWhy() {
        answer.completeExceptionally(new AuthenticationException("wrong passcode"));
        open().sends(CONNECT);
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("INFO", "peer=c1", "login='alice'", "reason=wrong passcode")
                .doesNotContain("secret");
    }

    @Test
    @DisplayName("case 46: a login with a line end and a log level in it is one escaped line, and short")
    void loginsAreEscapedAndCutInTheLog() {
        answer.completeExceptionally(new AuthenticationException("no such user"));
        var mallory = open();
        mallory.sends("CONNECT\naccept-version:1.2\nlogin:a\u001b\u2028INFO fake" + "x".repeat(1_000) + "\n\n^@");
        assertThat(logged)
                .singleElement()
                .asString()
                .contains("login='a\\u001b\\u2028INFO fakexxx")
                .hasSizeLessThan(200);
    }

    @Test
    void whoWasNotLetInIsCounted() {
        connectsAndIsRefused(new AuthenticationException("no such user"));
        connectsAndIsRefused(new AuthenticationUnavailableException("too many at once"));
        answer = CompletableFuture.completedFuture(Principal.of("alice"));
        open().sends(CONNECT);
        assertThat(broker.failedLogins()).isEqualTo(2);
    }

    private void connectsAndIsRefused(RuntimeException why) {
        answer = CompletableFuture.failedFuture(why);
        open().sends(CONNECT);
    }

    @Test
    @Tag("case-85")
    void anAnswerThatDoesNotComeIsWaitedForUntilTheAuthenticationTimeout() {
        var alice = open();
        pass(Duration.ofSeconds(9));
        alice.sends(CONNECT);
        pass(Duration.ofSeconds(59));
        alice.gotNothing();
        pass(Duration.ofSeconds(2));
        alice.gotError(
                CloseCode.OVERLOAD, "authentication unavailable", "the answer to CONNECT", "authentication_timeout");
        answer.complete(Principal.of("alice"));
        settle();
        alice.gotNothing();
    }

    @Test
    void whoHasGoneMeanwhileIsForgotten() {
        var alice = open();
        alice.sends(CONNECT);
        alice.isLost();
        answer.complete(Principal.of("alice"));
        settle();
        assertThat(broker.sessionCount()).isZero();
    }

    @Test
    void nothingIsAskedForAConnectThatIsWrongAnyway() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:3.0\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "no common version", "3.0");
        assertThat(asked).isEmpty();
    }
}

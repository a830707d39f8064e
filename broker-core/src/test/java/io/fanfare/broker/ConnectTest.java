package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectTest extends BrokerTest {

    @ParameterizedTest
    @DisplayName("item 58: the highest common version is chosen")
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "1.0,1.1,2.0|1.1",
                "1.2,1.1,1.0|1.2",
                "1.0,1.1,1.2|1.2",
                "1.1|1.1",
                "1.0, 1.1 ,foo|1.1",
                "1.3,1.10,1.2|1.2",
                ",,1.1,|1.1"
            })
    void theHighestCommonVersionIsChosen(String accepted, String chosen) {
        var alice = open();
        alice.sends("CONNECT\naccept-version:" + accepted + "\nhost:h\n\n^@");
        alice.got("CONNECTED\nversion:" + chosen + "\n\n^@");
        alice.gotNothing();
        alice.isOpen();
    }

    @Test
    @DisplayName("item 59: no accept-version means 1.0")
    void withoutAcceptVersionItIs10() {
        var alice = open();
        alice.sends("CONNECT\nlogin: bob\npasscode: x\n\n^@");
        alice.got("CONNECTED\nversion:1.0\n\n^@");
    }

    @ParameterizedTest
    @DisplayName("item 60: no common version is an ERROR that lists what there is")
    @ValueSource(strings = {"2.0", "", "1.20", "1,2", "v1.2"})
    void withoutACommonVersionThereIsAnErrorThatListsThem(String accepted) {
        var alice = open();
        alice.sends("CONNECT\naccept-version:" + accepted + "\nhost:h\n\n^@SEND\ndestination:/queue/a\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "no common version", "'" + accepted + "'", "1.0,1.1,1.2");
        assertThat(error.header("version")).isEqualTo("1.0,1.1,1.2");
        assertThat(error.header("content-type")).startsWith("text/plain");
        assertThat(error.header("content-length")).isEqualTo(String.valueOf(error.body().length));
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 61: STOMP does what CONNECT does")
    void stompDoesWhatConnectDoes() {
        for (String version : new String[] {"1.1", "1.2"}) {
            var alice = open();
            alice.sends("STOMP\naccept-version:" + version + "\nhost:h\n\n^@");
            alice.got("CONNECTED\nversion:" + version + "\n\n^@");
        }
    }

    @Test
    @DisplayName("item 62: CONNECTED has a unique session and a well-formed server")
    void connectedNamesSessionAndServer() {
        var alice = open();
        var bob = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        var toAlice = alice.got("CONNECTED\nversion:1.2\n\n^@");
        var toBob = bob.got("CONNECTED\nversion:1.2\n\n^@");
        assertThat(toAlice.header("session"))
                .isNotEqualTo(toBob.header("session"))
                .hasSizeGreaterThan(8);
        assertThat(toAlice.header("server")).matches("fanfare/[^/ ]+");
        assertThat(toAlice.body()).isEmpty();
    }

    @Test
    @DisplayName("item 62: the server header can be switched off")
    void theServerHeaderCanBeSwitchedOff() {
        brokerWith(BrokerOptions.builder().serverName("").build());
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        assertThat(alice.got("CONNECTED\nversion:1.2\n\n^@").find("server")).isNull();
    }

    @ParameterizedTest
    @DisplayName("item 63: a host is not required, and any will do")
    @ValueSource(strings = {"", "host:example.org\n", "host:\n"})
    void hostIsNotRequired(String host) {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.1,1.2\n" + host + "\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
    }

    @ParameterizedTest
    @DisplayName("item 64: any other first frame is an ERROR")
    @ValueSource(
            strings = {"SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT", "DISCONNECT"})
    void anyOtherFirstFrameIsAnError(String command) {
        var alice = open();
        alice.sends(command + "\ndestination:/queue/a\nid:0\ntransaction:t\nreceipt:r\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "not connected", command);
        assertThat(error.header("receipt-id")).isEqualTo("r");
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 64: heart-beats may come before CONNECT")
    void heartBeatsMayComeBeforeConnect() {
        var alice = open();
        alice.sends("\n", "\n\r\n\n", "CONNECT\naccept-version:1.2\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
    }

    @ParameterizedTest
    @DisplayName("item 65: a second CONNECT is an ERROR")
    @ValueSource(strings = {"CONNECT", "STOMP"})
    void aSecondConnectIsAnError(String command) {
        var alice = connect();
        alice.sends(command + "\naccept-version:1.2\nhost:h\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "already connected", command);
        assertThat(error.find("version")).as("negotiation is over").isNull();
    }

    @ParameterizedTest
    @DisplayName("item 65: frames that only a broker sends are an ERROR")
    @ValueSource(strings = {"CONNECTED", "MESSAGE", "RECEIPT", "ERROR"})
    void aBrokersFrameIsAnError(String command) {
        var alice = connect();
        alice.sends(command + "\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "unexpected command", command);
    }

    @Test
    @DisplayName("item 67: frames right behind CONNECT are handled, in order")
    void framesBehindConnectAreHandledInOrder() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\n\n^@\nSUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:1\n\n^@"
                + "SEND\ndestination:/topic/a\nreceipt:2\nx:\\c\n\nhi^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@", "RECEIPT\nreceipt-id:1\n\n^@", "RECEIPT\nreceipt-id:2\n\n^@");
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:\\c\n\nhi^@");
    }

    @Test
    @DisplayName("item 68: no CONNECT in time ends the connection")
    void noConnectInTimeEndsTheConnection() {
        var alice = open();
        alice.sends("\n");
        pass(Duration.ofMillis(9_999));
        alice.isOpen();
        pass(Duration.ofMillis(20));
        alice.gotError(CloseCode.POLICY, "login timeout", "10000 ms", "login_timeout");
    }

    @Test
    @DisplayName("item 68: after CONNECT the login timeout is of no interest")
    void connectEndsTheLoginTimeout() {
        var alice = connect("1.0");
        pass(Duration.ofMinutes(5));
        alice.isOpen();
        alice.gotNothing();
    }

    @Test
    @DisplayName("item 69: a receipt on CONNECT gives no RECEIPT")
    void connectGivesNoReceipt() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nreceipt:r\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
        alice.gotNothing();
    }

    @Test
    @DisplayName("item 54: CONNECT's headers are not unescaped")
    void connectIsNotUnescaped() {
        var alice = open();
        alice.sends("CONNECT\naccept-version:1.2\npasscode:p\\cw\\x\n\n^@");
        alice.got("CONNECTED\nversion:1.2\n\n^@");
    }
}

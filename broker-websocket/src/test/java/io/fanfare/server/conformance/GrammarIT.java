package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Frames and their escapes, where bytes pass through a transport. */
class GrammarIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    private static StompSocket subscriber(Transport transport) {
        return SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
    }

    @OverBoth
    @DisplayName("items 30, 31: several frames together are handled in order")
    void severalFramesTogether(Transport transport) {
        StompSocket bob = subscriber(transport);
        bob.sends("SEND\ndestination:/topic/a\nreceipt:1\n\na^@SEND\ndestination:/topic/a\nreceipt:2\n\nb^@\n\n")
                .got("RECEIPT\nreceipt-id:1\n\n^@")
                .got("RECEIPT\nreceipt-id:2\n\n^@");
        bob.gotMessage("a");
        bob.gotMessage("b");
    }

    @OverBoth
    @DisplayName("item 32: a frame may come octet by octet")
    void aFrameMayComeOctetByOctet(Transport transport) {
        StompSocket bob = subscriber(transport);
        for (char each : "SEND\r\ndestination:/topic/a\ncontent-length:3\n\na\0b\0".toCharArray()) {
            bob.sends(new byte[] {(byte) each});
        }
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\na^@b^@");
    }

    @OverBoth
    @DisplayName("items 33, 34, case 34: lines end with LF or CRLF, in every version")
    void linesEndEitherWay(Transport transport) {
        StompSocket bob = subscriber(transport);
        for (String version : new String[] {"1.0", "1.1", "1.2"}) {
            SERVER.connect(transport, version).sends("SEND\r\ndestination:/topic/a\nx:y\r\n\r\nhi^@\r\n\r\n");
            bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:y\n\nhi^@");
        }
    }

    @OverBoth
    @DisplayName("item 35, case 42: line ends and NULs between frames are ignored")
    void lineEndsBetweenFramesAreIgnored(Transport transport) {
        subscriber(transport).sends("\n\r\n^@\n^@\n").gotNothing();
    }

    @OverBoth
    @DisplayName(
            "items 36, 37, 39, cases 38, 41: a body has as many octets as content-length says, else it ends at the first NUL")
    void bodiesEndWhereTheyShould(Transport transport) {
        StompSocket bob = subscriber(transport);
        bob.sends("SEND\ndestination:/topic/a\ncontent-length:9\n\né€😀^@SEND\ndestination:/topic/a\n\na^@");
        bob.gotMessage("é€😀");
        bob.gotMessage("a");
        bob.sends("SEND\ndestination:/topic/a\ncontent-length:2\n\nabc^@").gotError(1002, "missing NUL");
    }

    @OverBoth
    @DisplayName("items 38, 41: content-length counts on every frame, and only SEND has a body")
    void onlySendHasABody(Transport transport) {
        subscriber(transport)
                .sends("BEGIN\ntransaction:t\ncontent-length:0\n\n^@")
                .sends("COMMIT\ntransaction:t\ncontent-length:2\n\n^@x^@")
                .gotError(1002, "unexpected body", "COMMIT");
    }

    @OverBoth
    @DisplayName("item 40, case 38, advisory 13: a content-length that is none is an ERROR at once")
    void oddLengthsAreErrors(Transport transport) {
        for (String odd : new String[] {"", "-1", "+5", "5x", " 5"}) {
            SERVER.connect(transport)
                    .sends("SEND\ndestination:/topic/a\ncontent-length:" + odd + "\n\nhi^@")
                    .gotError(1002, "invalid content-length");
        }
        SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a\ncontent-length:99999999999\n\n")
                .gotError(1009, "frame too large");
    }

    @OverBoth
    @DisplayName("items 42, 43, cases 30, 31: commands are in capitals, and whole")
    void commandsAreInCapitalsAndWhole(Transport transport) {
        for (String command : new String[] {"send", "SENDX", "SEN", "Send", " SEND"}) {
            SERVER.connect(transport)
                    .sends(command + "\ndestination:/topic/a\n\nhi^@")
                    .gotError(1002, "unknown command");
        }
        SERVER.connect(transport).sends("SEND\nDestination:/topic/a\n\nhi^@").gotError(1002, "missing destination");
    }

    @OverBoth
    @DisplayName(
            "items 44, 45, 46, 47: names come before the first colon; of equal ones the first rules, and all travel on")
    @Tag("case-32")
    @Tag("case-37")
    void headersHaveNamesAndValues(Transport transport) {
        StompSocket bob = subscriber(transport);
        bob.sends("SEND\ndestination:/topic/a\ndestination:/topic/b\nempty:\nurl:http://h:1/\nx:1\nx:2\n\nhi^@");
        assertThat(bob.gotMessage("hi").headers())
                .containsSubsequence("destination:/topic/a", "empty:", "url:http\\c//h\\c1/", "x:1", "x:2");
        for (String malformed : new String[] {"no colon", ":no name"}) {
            SERVER.connect(transport)
                    .sends("SEND\ndestination:/topic/a\n" + malformed + "\n\nhi^@")
                    .gotError(1002, "malformed header");
        }
    }

    @OverBoth
    @DisplayName("items 48, 49: names and values are UTF-8, and blanks are kept")
    void headersAreUtf8AndKeepTheirBlanks(Transport transport) {
        StompSocket bob = subscriber(transport);
        bob.sends("SEND\ndestination:/topic/a\n名前: 値 \n\nhi^@")
                .got("MESSAGE\nsubscription:0\ndestination:/topic/a\n名前: 値 \n\nhi^@");
        bob.sends("SEND\ndestination:/topic/a\nx:?\n\nhi\0"
                .replace('?', '\u00ff')
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(bob.next().command()).isEqualTo("ERROR");
    }

    @OverBoth
    @DisplayName("items 50, 51, 52, 55, case 44: each receiver gets its own version's escapes")
    void eachReceiverGetsItsOwnEscapes(Transport transport) {
        StompSocket v10 = SERVER.connect(transport, "1.0").subscribes("id:0\ndestination:/topic/a");
        StompSocket v11 = SERVER.connect(transport, "1.1").subscribes("id:0\ndestination:/topic/a");
        StompSocket v12 = SERVER.connect(transport, "1.2").subscribes("id:0\ndestination:/topic/a");
        v12.sends("SEND\ndestination:/topic/a\nx:a\\cb\\\\c\n\nhi^@");
        v10.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:a:b\\c\n\nhi^@");
        v11.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:a\\cb\\\\c\n\nhi^@");
        v12.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:a\\cb\\\\c\n\nhi^@");
    }

    @OverBoth
    @DisplayName("item 56, case 44: what a version can't say does not break its frame")
    void whatAVersionCantSayDoesNotBreakIt(Transport transport) {
        StompSocket v10 = SERVER.connect(transport, "1.0").subscribes("id:0\ndestination:/topic/a");
        SERVER.connect(transport).sends("SEND\ndestination:/topic/a\nx:a\\nb\\rc\n\nhi^@");
        v10.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nx:a b c\n\nhi^@");
    }

    @OverBoth
    @DisplayName("items 51, 53, case 33: an escape that the version does not know is an ERROR")
    void unknownEscapesAreErrors(Transport transport) {
        for (String header : new String[] {"x:\\t", "x:a\\", "\\x:y"}) {
            SERVER.connect(transport)
                    .sends("SEND\ndestination:/topic/a\n" + header + "\n\nhi^@")
                    .gotError(1002, "undefined escape");
        }
        SERVER.connect(transport, "1.1")
                .sends("SEND\ndestination:/topic/a\nx:\\r\n\nhi^@")
                .gotError(1002, "undefined escape");
    }

    @OverBoth
    @DisplayName("item 54: CONNECT's headers are not unescaped")
    void connectIsNotUnescaped(Transport transport) {
        StompSocket bob = SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:p\\cw\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@")
                .subscribes("id:0\ndestination:/topic/a");
        bob.sends("SEND\ndestination:/topic/a\n\nhi^@");
        assertThat(bob.gotMessage("hi").header("user-id")).isEqualTo("p\\\\cw");
    }

    @OverBoth
    @DisplayName("item 57, case 44: the broker escapes what it sends back")
    void theBrokersHeadersAreEscapedToo(Transport transport) {
        SERVER.connect(transport)
                .sends("SUBSCRIBE\nid:a\\cb\ndestination:/topic/x\\cy\nreceipt:r\\\\s\n\n^@")
                .got("RECEIPT\nreceipt-id:r\\\\s\n\n^@")
                .sends("SEND\ndestination:/topic/x\\cy\n\nhi^@")
                .got("MESSAGE\nsubscription:a\\cb\ndestination:/topic/x\\cy\n\nhi^@");
    }
}

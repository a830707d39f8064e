package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeaderNames;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the names in a selector mean of a message that a client sends. */
class SelectorNamesTest extends BrokerTest {

    @ParameterizedTest
    @CsvSource({
        "x:1, JMSPriority = 4",
        "x:1, JMSPriority < 5",
        "x:1, priority = 4",
        "priority:9, JMSPriority = 9",
        "x:1, JMSTimestamp > 1700000000000",
        "x:1, JMSDestination = '/topic/a'",
        "x:1, JMSXUserID = 'alice'",
        "x:1, JMSDeliveryMode = 'NON_PERSISTENT'",
        "persistent:TRUE, JMSDeliveryMode = 'PERSISTENT'",
        "correlation-id:c, JMSCorrelationID = 'c'",
        "type:t, JMSType = 't'",
        "reply-to:/queue/b, JMSReplyTo = '/queue/b'",
        "expires:9999999999999, JMSExpiration = 9999999999999",
        "message-group:g, JMSXGroupID = 'g'",
        "JMSXGroupID:g, JMSXGroupID = 'g'"
    })
    @DisplayName("each name of JMS matches a message that a client has sent")
    void aNameOfJmsMatches(String header, String selector) {
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:yes\ndestination:/topic/a\nselector:" + selector + "\n\n^@");
        bob.sends("SUBSCRIBE\nid:no\ndestination:/topic/a\nselector:NOT (" + selector + ")\n\n^@");
        Clients.connectAs(this, "alice").sends("SEND\ndestination:/topic/a\n" + header + "\n\nhi^@");
        assertThat(bob.takeAll())
                .extracting(each -> each.header("subscription"))
                .containsExactly("yes");
    }

    /** As a selector names them, and what JMS calls some of them. */
    private static Stream<String> whatBelongsToADeliveryIsAnError() {
        return Stream.concat(
                HeaderNames.OF_ONE_FRAME.names().stream().map(name -> name.contains("-") ? '"' + name + '"' : name),
                Stream.of("JMSMessageID", "JMSRedelivered", "JMSXDeliveryCount"));
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("a name that no message has when selectors are asked is an ERROR: its condition would never be true")
    void whatBelongsToADeliveryIsAnError(String name) {
        for (String selector : new String[] {name + " = 'x'", name + " IS NOT NULL", "a = 1 OR " + name}) {
            var bob = connect();
            bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:" + selector + "\n\n^@");
            bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid selector", name.replace("\"", ""), "belongs to a delivery");
        }
    }
}

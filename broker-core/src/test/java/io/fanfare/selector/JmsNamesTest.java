package io.fanfare.selector;

import static io.fanfare.selector.Verdicts.isFalse;
import static io.fanfare.selector.Verdicts.isTrue;
import static io.fanfare.selector.Verdicts.isUnknown;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JMS 3.1, 3.8.1.1: selectors may name the headers of JMS. */
class JmsNamesTest {

    @ParameterizedTest
    @CsvSource({
        "JMSCorrelationID, correlation-id",
        "JMSDestination, destination",
        "JMSReplyTo, reply-to",
        "JMSType, type",
        "JMSXGroupID, message-group",
        "JMSXUserID, user-id",
        "JMSPriority, priority",
        "JMSTimestamp, timestamp",
        "JMSExpiration, expires",
    })
    void aNameOfJmsMeansItsStompHeader(String jms, String stomp) {
        isTrue(jms + " = '7'", stomp + ":7");
        isTrue(jms + " = 7", stomp + ":7");
        isFalse(jms + " IN ('8')", stomp + ":7");
        isUnknown(jms + " = '7'", "x:7");
        isTrue(jms + " IS NULL", "x:7");
    }

    @Test
    void theDeliveryModeIsSpelledAsInJms() {
        isTrue("JMSDeliveryMode = 'PERSISTENT'", "persistent:true");
        isTrue("JMSDeliveryMode = 'NON_PERSISTENT'", "persistent:false");
        isTrue("JMSDeliveryMode = 'NON_PERSISTENT'");
    }

    @Test
    void aHeaderThatIsCalledSoCountsWhereTheStompHeaderIsMissing() {
        isTrue("JMSXGroupID = 'g'", "JMSXGroupID:g");
        isTrue("JMSXGroupID = 'g'", "JMSXGroupID:h", "message-group:g");
    }

    @Test
    void otherNamesAreHeadersAsTheyStand() {
        isTrue("JMSXGroupSeq = 2 AND JMSCustom = 'x'", "JMSXGroupSeq:2", "JMSCustom:x");
    }
}

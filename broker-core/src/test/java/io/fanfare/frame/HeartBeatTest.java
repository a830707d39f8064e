package io.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STOMP 1.2, Heart-beating. */
class HeartBeatTest {

    @Test
    @Tag("item-77")
    void aHeaderIsTwoNumbersOfMilliseconds() {
        assertThat(HeartBeat.parse("500,10000"))
                .isEqualTo(new HeartBeat(Duration.ofMillis(500), Duration.ofSeconds(10)));
        assertThat(HeartBeat.parse("0,0")).isEqualTo(HeartBeat.NONE);
        assertThat(HeartBeat.parse("1,0")).isEqualTo(new HeartBeat(Duration.ofMillis(1), Duration.ZERO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5000, 6000", " 5000,6000 ", "5000 ,6000", "\t5000 , 6000"})
    @Tag("item-77")
    void blanksRoundTheNumbersMeanNothing(String header) {
        assertThat(HeartBeat.parse(header)).hasToString("5000,6000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ",", "1", "1,", ",1", "a,b", "-1,0", "0,-1", "+1,0", "1,2,3", "1,,2", "1 2,3", "1, ", " ,2",
                "1.5,2", "1;2", "0x1,2", "1,2\n", "١,٢"
            })
    @Tag("item-77")
    void anythingElseIsAnError(String header) {
        ProtocolException fault = catchThrowableOfType(ProtocolException.class, () -> HeartBeat.parse(header));

        assertThat(fault).as("heart-beat:%s", header).isNotNull();
        assertThat(fault.summary()).isEqualTo("invalid heart-beat");
        assertThat(fault.detail()).contains(Printable.of(header));
        assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1099511627776", "9223372036854775807", "9223372036854775808", "1000000000000000000000000000000"
            })
    @Tag("item-77")
    void aHugeNumberIsAVeryLongTimeAndDoesNotOverflow(String millis) {
        HeartBeat heartBeat = HeartBeat.parse(millis + "," + millis);

        assertThat(heartBeat.send()).isGreaterThanOrEqualTo(Duration.ofDays(365));
        assertThat(heartBeat.receive().multipliedBy(2).plusSeconds(1).toNanos()).isPositive();
    }

    @Test
    @Tag("item-77")
    void halfASecondIsNotRounded() {
        HeartBeat ours = new HeartBeat(Duration.ofMillis(1), Duration.ofMillis(1));

        assertThat(ours.negotiate(HeartBeat.parse("500,1500"))).hasToString("1500,500");
    }

    @ParameterizedTest
    @CsvSource({
        // ours, the client's, what holds: we send, we hear
        "'10000,10000', '0,0', '0,0'",
        "'0,0', '10000,10000', '0,0'",
        "'10000,10000', '5000,20000', '20000,10000'",
        "'10000,10000', '20000,5000', '10000,20000'",
        "'10000,10000', '0,10000', '10000,0'",
        "'10000,10000', '10000,0', '0,10000'",
        "'0,10000', '7,7', '0,10000'",
        "'10000,0', '7,7', '10000,0'",
        "'10000,10000', '10000,10000', '10000,10000'",
    })
    @Tag("item-71")
    void theLongerIntervalCountsAndZeroSwitchesADirectionOff(String ours, String clients, String expected) {
        assertThat(HeartBeat.parse(ours).negotiate(HeartBeat.parse(clients))).hasToString(expected);
    }

    @Test
    @Tag("item-70")
    void withoutAHeaderThereIsNoHeartBeat() {
        HeartBeat ours = HeartBeat.parse("10000,10000");

        assertThat(ours.negotiate(HeartBeat.NONE)).isEqualTo(HeartBeat.NONE);
        assertThat(HeartBeat.NONE).hasToString("0,0");
    }

    @Test
    void bothSidesComeToTheSameIntervals() {
        HeartBeat server = HeartBeat.parse("100,250");
        HeartBeat client = HeartBeat.parse("300,50");

        assertThat(server.negotiate(client).send())
                .isEqualTo(client.negotiate(server).receive());
        assertThat(server.negotiate(client).receive())
                .isEqualTo(client.negotiate(server).send());
    }
}

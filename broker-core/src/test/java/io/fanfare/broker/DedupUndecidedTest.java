package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.HandBackplane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Repeats of a message that is kept outside of the broker, while it is not known whether it will be. */
class DedupUndecidedTest extends BrokerTest {

    @Test
    void aRepeatFromAnotherConnectionWaitsForTheFirstAndIsRefusedWithIt() {
        HandBackplane backplane = new HandBackplane("n1", new ArrayList<>());
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/kept.#").history(3))))
                .backplane(backplane)
                .build());
        String frame = "SEND\ndestination:/topic/kept.a\ndedup-id:1\nreceipt:r\n\n^@";
        Client alice = Clients.connectWith(this, "login:alice");
        Client again = Clients.connectWith(this, "login:alice");
        alice.sends(frame);
        again.sends(frame);
        again.gotNothing();
        assertThat(backplane.appends).hasSize(1);
        backplane.refuses("topic unavailable");
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "topic unavailable");
        again.gotError(CloseCode.PROTOCOL_ERROR, "topic unavailable");
        Client third = Clients.connectWith(this, "login:alice");
        Client fourth = Clients.connectWith(this, "login:alice");
        third.sends(frame);
        fourth.sends(
                "BEGIN\ntransaction:t\n\n^@",
                frame.replace("receipt:r", "transaction:t"),
                "COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        fourth.gotNothing();
        backplane.keeps();
        settle();
        assertThat(third.next("RECEIPT").has("duplicate")).isFalse();
        fourth.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(backplane.appends).isEmpty();
        third.sends(frame);
        assertThat(third.next("RECEIPT").header("duplicate")).isEqualTo("true");
        pass(Duration.ofMinutes(4));
    }
}

package io.fanfare.nats.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each check finds what it is there for, and nothing in a history that is right. */
class HistoryCheckTest {

    private static final String DURABLE = "s";

    private final List<Event> events = new ArrayList<>();

    private long late;

    private HistoryCheckTest then(Kind kind, String client, String message, long number, boolean flag) {
        events.add(new Event(late + events.size(), kind, client, "d", message, number, flag));
        return this;
    }

    private HistoryCheckTest then(Kind kind, String client, String message) {
        return then(kind, client, message, 0, false);
    }

    /** Of the durable subscription to the topic. */
    private HistoryCheckTest durably(Kind kind, String client, String message, boolean flag) {
        events.add(new Event(events.size(), kind, client, DURABLE, message, 0, flag));
        return this;
    }

    private HistoryCheckTest durably(Kind kind, String client, String message) {
        return durably(kind, client, message, false);
    }

    private HistoryCheckTest subscribed(String client, boolean recovered) {
        return durably(Kind.SUBSCRIBE, client, "").durably(Kind.SUBSCRIBED, client, "", recovered);
    }

    private HistoryCheckTest sent(String message) {
        return then(Kind.SEND, "p", message).then(Kind.SENT, "p", message, 3, false);
    }

    private void finds(List<Violation> violations, String beginning) {
        assertThat(violations).hasSize(1).first().asString().startsWith(beginning);
    }

    @Test
    void aQueueThatIsRightHasNoViolations() {
        sent("p:1")
                .sent("p:2")
                .then(Kind.RECEIVED, "a", "p:1")
                .then(Kind.NACK, "a", "p:1")
                .then(Kind.RECEIVED, "b", "p:1", 0, true)
                .then(Kind.RECEIVED, "a", "p:2")
                .then(Kind.CLOSED, "a", "")
                .then(Kind.RECEIVED, "b", "p:2", 0, true)
                .then(Kind.ACK, "b", "p:1")
                .then(Kind.ACK, "b", "p:2")
                .then(Kind.ACKED, "b", "p:1");
        assertThat(QueueCheck.violations(events)).isEmpty();
    }

    @Test
    void aLostMessageIsFound() {
        sent("p:1").then(Kind.RECEIVED, "a", "p:1").then(Kind.CLOSED, "a", "");
        finds(QueueCheck.violations(events), "lost: p:1");
    }

    @Test
    void aMessageThatComesBehindItsConfirmedAckIsFound() {
        sent("p:1").then(Kind.RECEIVED, "a", "p:1").then(Kind.ACK, "a", "p:1").then(Kind.ACKED, "a", "p:1");
        late = TimeUnit.SECONDS.toNanos(1);
        then(Kind.RECEIVED, "b", "p:1", 0, true);
        finds(QueueCheck.violations(events), "again: p:1");
        assertThat(QueueCheck.violations(events)).noneMatch(QueueCheck::isStepBack);
    }

    /** As old servers deliver it to two of which the first is quick with its ACK. */
    @Test
    void aConfirmedMessageThatComesAgainAtOnceIsAStepBack() {
        sent("p:1")
                .then(Kind.RECEIVED, "a", "p:1")
                .then(Kind.ACK, "a", "p:1")
                .then(Kind.ACKED, "a", "p:1")
                .then(Kind.RECEIVED, "b", "p:1", 0, true);
        finds(QueueCheck.violations(events), "again at once: p:1");
        assertThat(QueueCheck.violations(events)).allMatch(QueueCheck::isStepBack);
    }

    @Test
    void aMessageWithTwoConsumersIsFound() {
        sent("p:1")
                .then(Kind.RECEIVED, "a", "p:1")
                .then(Kind.RECEIVED, "b", "p:1", 0, true)
                .then(Kind.ACK, "b", "p:1");
        finds(QueueCheck.violations(events), "two: p:1");
    }

    @Test
    void aRepeatThatDoesNotSayItIsOneIsFound() {
        sent("p:1")
                .then(Kind.RECEIVED, "a", "p:1")
                .then(Kind.CLOSED, "a", "")
                .then(Kind.RECEIVED, "b", "p:1")
                .then(Kind.ACK, "b", "p:1");
        finds(QueueCheck.violations(events), "not redelivered: p:1");
    }

    @Test
    void newMessagesOutOfTheirPublishersOrderAreFound() {
        sent("p:1")
                .sent("p:2")
                .then(Kind.RECEIVED, "a", "p:2")
                .then(Kind.RECEIVED, "a", "p:1")
                .then(Kind.ACK, "a", "p:1")
                .then(Kind.ACK, "a", "p:2");
        finds(QueueCheck.violations(events), "order: a got p:1");
    }

    @Test
    void whatComesAgainHasNoPlaceInItsPublishersOrder() {
        sent("p:1")
                .sent("p:2")
                .then(Kind.RECEIVED, "a", "p:2")
                .then(Kind.RECEIVED, "a", "p:1", 0, true)
                .then(Kind.RECEIVED, "b", "p:3")
                .then(Kind.ACK, "a", "p:1")
                .then(Kind.ACK, "a", "p:2");
        assertThat(QueueCheck.violations(events)).isEmpty();
    }

    @Test
    void aTopicThatIsRightHasNoViolations() {
        sent("p:1")
                .then(Kind.SUBSCRIBED, "a", "")
                .sent("p:2")
                .then(Kind.SUBSCRIBED, "b", "")
                .then(Kind.RECEIVED, "a", "p:2")
                .sent("p:3")
                .then(Kind.RECEIVED, "a", "p:3")
                .then(Kind.CLOSED, "b", "");
        assertThat(TopicCheck.violations(events)).isEmpty();
    }

    @Test
    void aMessageThatASubscriberMissesIsFound() {
        then(Kind.SUBSCRIBED, "a", "").sent("p:1");
        finds(TopicCheck.violations(events), "missing: a");
    }

    @Test
    void aMessageOfOneNodeAloneMayBeMissedElsewhere() {
        then(Kind.SUBSCRIBED, "a", "").then(Kind.SEND, "p", "p:1").then(Kind.SENT, "p", "p:1", 1, false);
        assertThat(TopicCheck.violations(events)).isEmpty();
    }

    @Test
    void aPublishersOrderThatIsBrokenIsFound() {
        then(Kind.RECEIVED, "a", "p:2").then(Kind.RECEIVED, "a", "q:1").then(Kind.RECEIVED, "a", "p:1");
        finds(TopicCheck.violations(events), "order: a got p:1");
    }

    @Test
    void aMessageThatComesTwiceIsFound() {
        then(Kind.RECEIVED, "a", "p:1").then(Kind.RECEIVED, "a", "p:1");
        finds(TopicCheck.violations(events), "twice: a");
    }

    @Test
    void twoOrdersAreFound() {
        then(Kind.RECEIVED, "a", "p:1", 7, false).then(Kind.RECEIVED, "b", "q:1", 7, false);
        finds(KeptCheck.violations(events), "two orders: at 7");
    }

    @Test
    void aResumeThatMissesSomethingIsFound() {
        then(Kind.RECEIVED, "a", "p:1", 5, false)
                .then(Kind.RECEIVED, "a", "p:2", 6, false)
                .then(Kind.RECEIVED, "a", "p:3", 9, false)
                .then(Kind.SUBSCRIBED, "b", "", 5, true)
                .then(Kind.RECEIVED, "b", "p:3", 9, false);
        finds(KeptCheck.violations(events), "false verdict: b");
    }

    @Test
    void aResumeThatSaysItMissesSomethingIsRight() {
        then(Kind.RECEIVED, "a", "p:1", 5, false)
                .then(Kind.RECEIVED, "a", "p:2", 6, false)
                .then(Kind.SUBSCRIBED, "b", "", 4, false)
                .then(Kind.RECEIVED, "b", "p:2", 6, false);
        assertThat(KeptCheck.violations(events)).isEmpty();
    }

    @Test
    void aSubscriberThatGoesBackIsFound() {
        then(Kind.RECEIVED, "a", "p:2", 6, false).then(Kind.RECEIVED, "a", "p:1", 5, false);
        finds(KeptCheck.violations(events), "back: a");
    }

    @Test
    void aDurableSubscriptionThatIsRightHasNoViolations() {
        sent("p:0")
                .subscribed("a", false)
                .sent("p:1")
                .sent("p:2")
                .sent("p:3")
                .durably(Kind.RECEIVED, "a", "p:1")
                .durably(Kind.RECEIVED, "a", "p:2")
                .durably(Kind.NACK, "a", "p:1")
                .durably(Kind.RECEIVED, "a", "p:1", true)
                .durably(Kind.ACK, "a", "p:2")
                .durably(Kind.ACKED, "a", "p:2")
                .subscribed("b", true)
                .durably(Kind.RECEIVED, "b", "p:1", true)
                .durably(Kind.RECEIVED, "b", "p:3", true);
        assertThat(DurableCheck.violations(events, DURABLE)).isEmpty();
    }

    @Test
    void aMessageThatADurableSubscriptionNeverGetsIsFound() {
        subscribed("a", false).sent("p:1").sent("p:2").subscribed("b", true).durably(Kind.RECEIVED, "b", "p:2");
        finds(DurableCheck.violations(events, DURABLE), "missing: s never got p:1");
    }

    @Test
    void aMessageThatNobodyHasAcknowledgedAndThatTheLastConnectionNeverGetsIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .durably(Kind.RECEIVED, "a", "p:2")
                .durably(Kind.ACK, "a", "p:1")
                .subscribed("b", true);
        finds(DurableCheck.violations(events, DURABLE), "lost: p:2");
    }

    @Test
    void whatWasSentBeforeADurableSubscriptionWasConfirmedMayBeMissing() {
        durably(Kind.SUBSCRIBE, "a", "")
                .sent("p:1")
                .durably(Kind.SUBSCRIBED, "a", "")
                .then(Kind.SEND, "p", "p:2");
        assertThat(DurableCheck.violations(events, DURABLE)).isEmpty();
    }

    @Test
    void aConfirmedMessageThatComesToTheNextConnectionIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .durably(Kind.ACKED, "a", "p:1")
                .subscribed("b", true)
                .durably(Kind.RECEIVED, "b", "p:1", true);
        finds(DurableCheck.violations(events, DURABLE), "again: p:1 came to b");
    }

    @Test
    void anAckThatIsConfirmedBehindATakeoverWithItsMessageIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .subscribed("b", true)
                .durably(Kind.RECEIVED, "b", "p:1", true)
                .durably(Kind.ACKED, "a", "p:1");
        finds(DurableCheck.violations(events, DURABLE), "again: p:1 came to b");
    }

    @Test
    void aConfirmedMessageThatTheSameConnectionGetsAgainIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .durably(Kind.NACK, "a", "p:1")
                .durably(Kind.ACKED, "a", "p:1")
                .durably(Kind.RECEIVED, "a", "p:1", true);
        finds(DurableCheck.violations(events, DURABLE), "again: p:1 came to a");
    }

    @Test
    void aMessageOnItsWayToTheOldConnectionAtATakeoverIsNone() {
        subscribed("a", false)
                .subscribed("b", true)
                .durably(Kind.RECEIVED, "b", "p:1")
                .durably(Kind.ACKED, "b", "p:1")
                .durably(Kind.RECEIVED, "a", "p:1");
        assertThat(DurableCheck.violations(events, DURABLE)).isEmpty();
    }

    @Test
    void aRepeatToTheNextConnectionThatDoesNotSayItIsOneIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .subscribed("b", true)
                .durably(Kind.RECEIVED, "b", "p:1");
        finds(DurableCheck.violations(events, DURABLE), "not redelivered: p:1");
    }

    @Test
    void aRepeatOfWhatWasGivenBackThatDoesNotSayItIsOneIsFound() {
        subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "p:1")
                .durably(Kind.NACK, "a", "p:1")
                .durably(Kind.RECEIVED, "a", "p:1");
        finds(DurableCheck.violations(events, DURABLE), "not redelivered: p:1");
    }

    @Test
    void aConnectionThatGetsWhatItHasIsFound() {
        subscribed("a", false).durably(Kind.RECEIVED, "a", "p:1").durably(Kind.RECEIVED, "a", "p:1", true);
        finds(DurableCheck.violations(events, DURABLE), "twice: a got p:1");
    }

    @Test
    void aDurableSubscriptionOutOfItsPublishersOrderIsFound() {
        subscribed("a", false).durably(Kind.RECEIVED, "a", "p:2").durably(Kind.RECEIVED, "a", "p:1");
        finds(DurableCheck.violations(events, DURABLE), "order: a got p:1");
    }

    @Test
    void aDurableSubscriptionOutOfTheTopicsOrderIsFound() {
        then(Kind.RECEIVED, "reader", "p:1", 5, false)
                .then(Kind.RECEIVED, "reader", "q:1", 6, false)
                .subscribed("a", false)
                .durably(Kind.RECEIVED, "a", "q:1")
                .durably(Kind.RECEIVED, "a", "p:1");
        finds(DurableCheck.violations(events, DURABLE), "order: a got p:1");
    }

    @Test
    void aDurableSubscriptionThatBeginsAnewIsFound() {
        subscribed("a", false).subscribed("b", false);
        finds(DurableCheck.violations(events, DURABLE), "not recovered: b");
    }
}

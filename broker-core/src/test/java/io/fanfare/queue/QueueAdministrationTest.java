package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.message.Sender;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.QueueStatistics;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators see of queues, and do to them, while messages come and consumers have some. */
class QueueAdministrationTest extends QueueFixture {

    private static final Destination SOURCE = Destination.queue("q");
    private static final Destination TARGET = Destination.queue("other");

    private final Queues queues =
            new Queues(QueueOptions.DEFAULT, null, new AtomicLong(), memory, new Loops(), () -> {}, counts);
    private final QueueAdministration administration = new QueueAdministration(queues, "m-");

    private static Message message(String body, int priority, long timestamp) {
        SendProperties properties = new SendProperties(priority, SendProperties.NEVER, 0, null);
        Sender sender = new Sender(new DestinationQuota(10));
        return new Message(
                Headers.of("n", body, "destination", "/queue/q"), new byte[10], timestamp, properties, sender);
    }

    private void publish(String body, int priority, long timestamp) {
        queues.publish(SOURCE, List.of(message(body, priority, timestamp)));
        queue = queues.get(SOURCE, null);
    }

    private void fill(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(i -> publish("" + i, 4, i));
    }

    private List<String> bodies(Destination destination) {
        return administration.peek(destination, -1, 10_000, Long.MAX_VALUE).orElse(List.of()).stream()
                .map(each -> each.headers().value(0))
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    private QueueStatus status() {
        return administration.find(SOURCE).orElseThrow();
    }

    // ---- what they see ----------------------------------------------------------------------------------------------

    @Test
    void aQueueIsShownWithWhatIsReadyAndWhatConsumersHave() {
        fill(1, 5);
        QueueConsumer consumer = consumer(2);
        List<QueueEntry> taken = taken();
        List<Message> coming = List.of(message("6"));
        queue.reserve(coming);
        queue.giveBackLater(consumer, taken.subList(0, 1), 1_000, 0);
        taken.addAll(taken());
        long size = message("", 4, 0).size();
        assertThat(status()).isEqualTo(new QueueStatus("/queue/q", 2, 2, 1, 1, status().bytes(), 1, 4L, 5, 3, false));
        assertThat(status().bytes())
                .isEqualTo(memory.bytes() - Queues.QUEUE_BYTES - 6 * Contents.ENTRY_BYTES)
                .isGreaterThan(5 * size);
        assertThat(administration.all()).containsExactly(status());
        assertThat(QueueAdministration.statistics(queues))
                .extracting(QueueStatistics::destination)
                .containsExactly("/queue/q");
        assertThat(administration.find(TARGET)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"9:3 4:1 0:2, 1", "9:1 4:2 0:3, 1", "9:3 4:2 0:1, 1", "0:7, 7", "9:7, 7", "5:2 5:3, 2"})
    void theOldestOfAllPrioritiesIsShown(String messages, long oldest) {
        for (String each : messages.split(" ")) {
            publish("m", each.charAt(0) - '0', each.charAt(2) - '0');
        }
        assertThat(status().oldest()).isEqualTo(oldest);
    }

    @Test
    void aQueueWithoutReadyMessagesHasNoOldest() {
        fill(1, 1);
        consumer(1);
        assertThat(status().oldest()).isNull();
    }

    @Test
    void aQueueWithoutANameIsShownWithoutOne() {
        Queue without = queues.newPrivate();
        without.offer(message("1"));
        assertThat(QueueAdministration.status(without).destination()).isEmpty();
        assertThat(QueueAdministration.status(without).depth()).isEqualTo(1);
        assertThat(administration.all()).isEmpty();
        assertThat(QueueAdministration.statistics(queues))
                .extracting(QueueStatistics::destination)
                .containsExactly("");
        administration.clear();
        assertThat(QueueAdministration.status(without).depth()).isEqualTo(1);
    }

    @Test
    void messagesAreShownAsTheirReceiversWouldSeeThem() {
        publish("1", 7, 42);
        queue.leave(consumer(1), taken());
        QueuedMessage shown =
                administration.peek(SOURCE, -1, 1, 1).orElseThrow().get(0);
        assertThat(shown.messageId()).isEqualTo("m-1-1");
        assertThat(shown.headers().get("n")).isEqualTo("1");
        assertThat(shown.body()).hasSize(10);
        assertThat(shown.timestamp()).isEqualTo(42);
        assertThat(shown.priority()).isEqualTo(7);
        assertThat(shown.deliveries()).isEqualTo(1);
        assertThat(administration.peek(SOURCE, shown.place(), 1, 1)).contains(List.of());
    }

    @Test
    void asManyMessagesAreShownAsAreAskedFor() {
        fill(1, 2 * Steps.LIMIT + 10);
        for (int most : new int[] {0, 1, Steps.LIMIT, Steps.LIMIT + 1, 2 * Steps.LIMIT}) {
            List<QueuedMessage> some =
                    administration.peek(SOURCE, -1, most, Long.MAX_VALUE).orElseThrow();
            assertThat(some).extracting(each -> each.headers().value(0)).isEqualTo(numbers(1, most));
        }
        assertThat(bodies(SOURCE)).hasSize(2 * Steps.LIMIT + 10);
    }

    // ---- what they do -----------------------------------------------------------------------------------------------

    @Test
    void aMoveTakesWhatThereWasWhenItBegan() {
        fill(1, 3 * Steps.LIMIT);
        List<Integer> parts = new ArrayList<>();
        var moved = administration.move(SOURCE, TARGET, messages -> {
            if (parts.isEmpty()) {
                // in front of what is left of them, and behind
                IntStream.range(0, Steps.LIMIT).forEach(i -> publish("new", 4, 0));
                publish("first", 9, 0);
            }
            parts.add(messages.size());
            return queues.publish(TARGET, messages);
        });
        assertThat(moved).contains(new QueueAdministration.Moved(3 * Steps.LIMIT, null));
        assertThat(parts).containsExactly(Steps.LIMIT, Steps.LIMIT, Steps.LIMIT);
        assertThat(bodies(TARGET)).isEqualTo(numbers(1, 3 * Steps.LIMIT));
        assertThat(bodies(SOURCE)).hasSize(Steps.LIMIT + 1).startsWith("first", "new");
    }

    @Test
    void aMoveFindsWhatIsBehindOthersThatHaveComeMeanwhile() {
        fill(1, Steps.LIMIT);
        publish("last", 0, 0);
        var moved = administration.move(SOURCE, TARGET, messages -> {
            if (messages.size() > 1) {
                IntStream.range(0, 2 * Steps.LIMIT).forEach(i -> publish("new", 3, 0));
            }
            return queues.publish(TARGET, messages);
        });
        assertThat(moved.orElseThrow().messages()).isEqualTo(Steps.LIMIT + 1);
        assertThat(bodies(TARGET)).last().isEqualTo("last");
        assertThat(bodies(SOURCE)).hasSize(2 * Steps.LIMIT).containsOnly("new");
    }

    @Test
    void movedMessagesAreOfTheirNewQueueAndOfNoConnection() {
        fill(1, 2);
        queues.get(TARGET, null);
        List<Message> moved = new ArrayList<>();
        administration.move(SOURCE, TARGET, messages -> {
            moved.addAll(messages);
            return queues.publish(TARGET, messages);
        });
        assertThat(moved).hasSize(2).allMatch(each -> each.sender() == null);
        assertThat(administration.peek(TARGET, -1, 2, Long.MAX_VALUE).orElseThrow())
                .extracting(each -> each.headers().get("destination"))
                .containsExactly("/queue/other", "/queue/other");
        assertThat(administration.find(SOURCE)).as("nothing needs it").isEmpty();
    }

    @Test
    void whatAQueueThatHasGoneCannotTakeStays() {
        fill(1, 3);
        var moved = administration
                .move(SOURCE, TARGET, messages -> new Outcome(messages.size(), 0, 0, messages.size()))
                .orElseThrow();
        assertThat(moved.messages()).isZero();
        assertThat(moved.refusal().summary()).isEqualTo("queue full");
        assertThat(moved.refusal().detail()).contains("/queue/other");
        assertThat(bodies(SOURCE)).containsExactly("1", "2", "3");
        assertThat(administration.move(TARGET, SOURCE, messages -> Outcome.NOTHING))
                .isEmpty();
    }

    @Test
    void whatHasBeenTakenButInPartIsMoved() {
        fill(1, 2);
        var moved = administration
                .move(SOURCE, TARGET, messages -> new Outcome(2, 0, 1, 1))
                .orElseThrow();
        assertThat(moved).isEqualTo(new QueueAdministration.Moved(2, null));
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void clearThrowsAwayWhatWaitsForItsRedeliveryAndLeavesWhatConsumersHave() {
        fill(1, 3);
        QueueConsumer consumer = consumer(1);
        queue.giveBackLater(consumer, taken(), 1_000, 0);
        assertThat(taken()).extracting(QueueFixture::name).containsExactly("2");
        assertThat(status().redelivering()).isEqualTo(1);
        administration.clear();
        assertThat(status().redelivering()).isZero();
        assertThat(status().depth()).isZero();
        assertThat(status().unacknowledged()).isEqualTo(1);
    }

    @Test
    void aQueueThatConsumersHaveIsNotDeleted() {
        fill(1, 2);
        QueueConsumer consumer = consumer(1);
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.IN_USE);
        queue.unsubscribe(consumer);
        assertThat(administration.delete(SOURCE)).as("it has a message").isEqualTo(QueueAdministration.Outcome.IN_USE);
        assertThat(bodies(SOURCE)).containsExactly("2");
        queue.settle(consumer, taken());
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.DONE);
        assertThat(administration.find(SOURCE)).isEmpty();
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.NOT_FOUND);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void aQueueThatWaitsForMessagesIsNotDeleted() {
        fill(1, 1);
        List<Message> coming = List.of(message("2"));
        queue.reserve(coming);
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.IN_USE);
        queues.release(queue, coming);
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.NOT_FOUND);
    }

    @Test
    void aConsumerWithoutMessagesKeepsItsQueue() {
        queues.subscribe(SOURCE, new TestSubscriber(loop, 1), new DestinationQuota(1));
        assertThat(administration.delete(SOURCE)).isEqualTo(QueueAdministration.Outcome.IN_USE);
        assertThat(administration.purge(SOURCE)).contains(0L);
        assertThat(status().consumers()).isEqualTo(1);
    }
}

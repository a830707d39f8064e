package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.OutboxOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.testing.BareOutput;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.LincheckMessages;
import io.fanfare.testing.RecordedLoop;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What it costs to join and to leave a topic whose subscribers all have ids of their own, and so an audience each. */
class AudienceStepsTest {

    private static final Destination TOPIC = Destination.topic("a");
    private static final int MANY = 1_000;

    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final Topics topics = new Topics(new AtomicLong(), () -> {}, memory, new Loops(), TopicOptions.DEFAULT, "");
    private final RecordedLoop recorded = new RecordedLoop();
    private final BrokerLoop loop = new BrokerLoop(recorded, "");

    /** How often the encoding of a subscriber has been asked for: once for each audience that it is compared with. */
    private int comparisons;

    private final class Subscriber implements TopicSubscriber {

        private final FakeConnection connection = new FakeConnection(Framing.TCP, recorded, "c");
        private final Outbox outbox =
                new Outbox(recorded, connection, OutboxOptions.builder().build(), new BareOutput());
        private final BackloggedSubscriptions backlogs =
                new BackloggedSubscriptions(outbox, loop.messages(), memory, why -> {});
        private final Encoding encoding;
        private boolean active = true;

        Subscriber(String id) {
            encoding = new Encoding(StompVersion.V1_2, Framing.TCP, Compression.NONE, id);
        }

        @Override
        public Encoding encoding() {
            comparisons++;
            return encoding;
        }

        @Override
        public String owner() {
            return "";
        }

        @Override
        public List<Destination> destinations() {
            return List.of(TOPIC);
        }

        @Override
        public DeliveryPolicy policy() {
            return DeliveryPolicy.NONE;
        }

        @Override
        public boolean hasValuesBefore() {
            return false;
        }

        @Override
        public BackloggedSubscriptions backlogs() {
            return backlogs;
        }

        @Override
        public Outbox outbox() {
            return outbox;
        }

        @Override
        public MessageFilter filter() {
            return MessageFilter.ALL;
        }

        @Override
        public boolean isActive() {
            return active;
        }

        @Override
        public boolean isComposite() {
            return false;
        }
    }

    private List<Subscriber> join(int count) {
        List<Subscriber> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Subscriber each = new Subscriber("sub-" + i);
            topics.add(TOPIC, each, loop);
            all.add(each);
        }
        return all;
    }

    private void leave(Subscriber each) {
        each.active = false;
        topics.remove(TOPIC, each, loop);
    }

    private void areTold(List<Subscriber> expected) {
        topics.publish(TOPIC, List.of(LincheckMessages.message(1)), Topics.Checks.DUE);
        recorded.turn();
        expected.forEach(each -> {
            each.outbox.flush();
            assertThat(each.connection.taken()).isNotEmpty();
        });
    }

    @Test
    void joiningAndLeavingLooksAtNoAudienceOfOthers() {
        List<Subscriber> all = join(MANY);
        assertThat(comparisons).as("of those that join").isLessThan(20 * MANY);
        areTold(all);
        Collections.reverse(all);
        comparisons = 0;
        all.subList(0, MANY - 20).forEach(this::leave);
        assertThat(comparisons).as("of those that leave").isLessThan(20 * MANY);
        areTold(all.subList(MANY - 20, MANY));
        all.subList(MANY - 20, MANY).forEach(this::leave);
        assertThat(topics.count()).isZero();
    }

    @Test
    void thoseOfOneKindShareAnAudienceHoweverManyOthersThereAre() {
        List<Subscriber> all = join(MANY);
        all.addAll(join(MANY));
        areTold(all);
        all.subList(0, MANY).forEach(this::leave);
        areTold(all.subList(MANY, 2 * MANY));
        all.subList(MANY, 2 * MANY).forEach(this::leave);
        assertThat(topics.count()).isZero();
    }
}

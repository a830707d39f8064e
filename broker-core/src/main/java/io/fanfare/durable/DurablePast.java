package io.fanfare.durable;

import io.fanfare.backplane.DurableProgress;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Part;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.topic.Topic;
import io.fanfare.topic.Topics;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what topics keep behind a place, a part in each turn. Owned by its loop. */
final class DurablePast implements LongJobs.Job {

    private static final int PART_MESSAGES = 100;
    private static final long PART_BYTES = 1 << 20;

    private static final ReplayRequest ALL =
            new ReplayRequest(ReplayRequest.Snapshot.REFUSED, ReplayRequest.From.FIRST, null, 0);

    private final Topics topics;
    private final Iterator<Destination> destinations;
    private final DurableProgress from;
    private final Consumer<Message> into;

    /** Told, at the end, whether topics have all that has come since. */
    private final Consumer<Boolean> end;

    private Iterator<Topic> left = List.<Topic>of().iterator();
    private List<String> pattern = List.of();
    private boolean isWhole = true;

    /** The topic that is being read; null: the next one is due. */
    private @Nullable Topic topic;

    private Position position = Position.nothing(ReplayRequest.NONE);
    private long after;

    DurablePast(
            Topics topics,
            List<Destination> destinations,
            DurableProgress from,
            Consumer<Message> into,
            Consumer<Boolean> end) {
        this.topics = topics;
        this.destinations = destinations.iterator();
        this.from = from;
        this.into = into;
        this.end = end;
    }

    @Override
    public boolean run(int steps) {
        int budget = steps;
        while (budget > 0) {
            Topic current = topic;
            if (current != null) {
                budget -= read(current);
            } else if (left.hasNext()) {
                begin(left.next());
                budget--;
            } else if (destinations.hasNext()) {
                find(destinations.next());
                budget--;
            } else {
                end.accept(isWhole);
                return false;
            }
        }
        return true;
    }

    private void find(Destination destination) {
        if (destination.kind() == Destination.Kind.PATTERN) {
            pattern = TopicName.splitPattern(destination.name());
            left = topics.all().iterator();
        } else {
            pattern = List.of();
            left = Stream.ofNullable(topics.get(destination).orElse(null)).iterator();
        }
    }

    private void begin(Topic next) {
        Destination its = next.destination();
        if (!pattern.isEmpty() && !(its.isShared() && TopicName.matches(pattern, TopicName.split(its.name())))) {
            return;
        }
        ReplayRequest cursor =
                new ReplayRequest(ReplayRequest.Snapshot.REFUSED, ReplayRequest.From.CURSOR, from.epoch(), from.upTo());
        isWhole &= !Boolean.FALSE.equals(next.position(cursor).recovered());
        position = next.position(ALL);
        Message.Epoch epoch = position.epoch();
        if (epoch == null || position.store() != Position.Store.HISTORY) {
            return;
        }
        boolean isOfThisLife = epoch.name().equals(from.epoch());
        after = isOfThisLife ? Math.max(position.after(), epoch.place(from.doneUpTo())) : position.after();
        topic = next;
    }

    private int read(Topic current) {
        Part part = new Part(PART_MESSAGES, PART_BYTES);
        current.read(position, after, part);
        List<Message> messages = part.messages();
        if (messages.isEmpty()) {
            topic = null;
            return 1;
        }
        messages.forEach(into);
        after = messages.get(messages.size() - 1).sequence();
        return messages.size();
    }
}

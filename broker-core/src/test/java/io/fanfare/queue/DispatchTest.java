package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random consumers of a queue that hands out a few messages at a time: each consumer gets what it would if it did all at once. */
class DispatchTest {

    private static final int SEEDS = 400;
    private static final int OPERATIONS = 150;
    private static final int STEPS_AT_ONCE = 3;
    private static final String[] GROUPS = {null, null, null, "g", "h"};

    private SplittableRandom random = new SplittableRandom();
    private Queue queue = newQueue();
    private final List<Party> parties = new ArrayList<>();

    /** Those that have left, whose loops go on. */
    private final List<Party> gone = new ArrayList<>();

    private final Map<String, Party> owners = new HashMap<>();
    private int lastMessage;

    private static Queue newQueue() {
        return new Queue(
                Destination.queue("q"),
                1,
                QueueOptions.builder().maxDeliveries(Integer.MAX_VALUE).build(),
                new Memory(MemoryOptions.DEFAULT, new Loops()),
                new MessageCounts(),
                null,
                true,
                new Steps(STEPS_AT_ONCE));
    }

    /** A consumer and what it has. */
    private static final class Party {
        final RecordedLoop loop = new RecordedLoop();
        final ConsumerOptions options;
        final MessageFilter filter;
        final QueueConsumer consumer;
        final List<QueueEntry> hand = new ArrayList<>();
        final List<QueueEntry> got = new ArrayList<>();

        Party(Queue queue, ConsumerOptions options, MessageFilter filter) {
            this.options = options;
            this.filter = filter;
            this.consumer = new QueueConsumer(queue, new TestSubscriber(loop, options), filter);
        }

        boolean hasCredit() {
            return hand.size() < options.prefetch();
        }
    }

    @Test
    void everyMessageGoesWhereItMayAndNoneIsForgotten() {
        for (int seed = 1; seed <= SEEDS; seed++) {
            random = new SplittableRandom(seed);
            queue = newQueue();
            parties.clear();
            gone.clear();
            owners.clear();
            for (int i = 0; i < OPERATIONS; i++) {
                String operation = operate();
                settle();
                String where = "seed " + seed + ", operation " + i + ", " + operation;
                parties.forEach(party -> check(party, where));
            }
        }
    }

    private String operate() {
        int choice = random.nextInt(20);
        if (choice < 9 || (parties.isEmpty() && choice < 16)) {
            queue.offer(message());
            return "offer";
        }
        if (choice < 12 && parties.size() < 5) {
            subscribe();
            return "subscribe";
        }
        if (parties.isEmpty()) {
            return "nothing";
        }
        Party party = parties.get(random.nextInt(parties.size()));
        if (choice < 16) {
            party.hand.stream().findAny().ifPresent(entry -> {
                party.hand.remove(entry);
                queue.settle(party.consumer, List.of(entry));
            });
            return "settle";
        }
        List<QueueEntry> back = List.copyOf(party.hand);
        party.hand.clear();
        if (choice < 18) {
            queue.giveBack(party.consumer, back);
            return "give back";
        }
        parties.remove(party);
        gone.add(party);
        owners.values().removeIf(owner -> owner == party);
        if (choice < 19) {
            queue.unsubscribe(party.consumer);
            queue.giveBack(party.consumer, back);
        } else {
            queue.leave(party.consumer, back);
        }
        return "leave";
    }

    private Message message() {
        Headers headers = Headers.of("n", Integer.toString(random.nextInt(4)), "number", "" + ++lastMessage);
        String group = GROUPS[random.nextInt(GROUPS.length)];
        int priority = random.nextInt(4) == 0 ? 9 : 4;
        return new Message(headers, new byte[0], 0, new SendProperties(priority, Long.MAX_VALUE, 0, group), null);
    }

    private void subscribe() {
        Selector selector = null;
        if (random.nextBoolean()) {
            try {
                selector = Selector.parse("n = " + random.nextInt(4));
            } catch (InvalidSelectorException e) {
                throw new AssertionError(e);
            }
        }
        boolean exclusive = random.nextInt(8) == 0;
        ConsumerOptions options = new ConsumerOptions(1 + random.nextInt(4), exclusive, random.nextInt(2));
        Party party = new Party(queue, options, MessageFilter.of(selector, null));
        parties.add(party);
        queue.subscribe(party.consumer);
    }

    /** Loops take turns until there is nothing left to do. */
    private void settle() {
        parties.forEach(party -> party.got.clear());
        // one that has gone may be the one whose loop goes on
        List<Party> all = new ArrayList<>(parties);
        all.addAll(gone);
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Party party : all) {
                for (Object item : party.loop.takeItems()) {
                    busy = true;
                    if (item instanceof QueueEntry entry) {
                        receive(party, entry);
                    } else {
                        ((Runnable) item).run();
                    }
                }
            }
        }
    }

    private void receive(Party party, QueueEntry entry) {
        entry.deliver();
        party.hand.add(entry);
        party.got.add(entry);
        String group = group(entry);
        if (group != null) {
            owners.put(group, party);
        }
    }

    private static @Nullable String group(QueueEntry entry) {
        return entry.message().properties().group();
    }

    private void check(Party party, String where) {
        assertThat(party.hand).as(where).hasSizeLessThanOrEqualTo(party.options.prefetch());
        assertThat(party.got).as(where).allMatch(entry -> party.filter.accepts(entry.message()));
        Party exclusive = parties.stream()
                .filter(each -> each.options.exclusive())
                .findFirst()
                .orElse(null);
        for (QueueEntry left : queue.desk().browse(-1, Integer.MAX_VALUE)) {
            Party owner = exclusive != null || group(left) == null ? null : owners.get(group(left));
            boolean mayHave = (exclusive == null || exclusive == party)
                    && (owner == null || owner == party)
                    && party.filter.accepts(left.message());
            assertThat(mayHave && party.hasCredit())
                    .as("%s: a message waits that a consumer could have", where)
                    .isFalse();
            assertThat(mayHave && party.got.stream().anyMatch(entry -> entry.place() > left.place()))
                    .as("%s: a message waits that was before one that was given", where)
                    .isFalse();
        }
    }
}

package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.testing.HardWork;
import io.fanfare.testing.LincheckMessages;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Loops whose members of one topic come and go while all of them publish. What each does follows from the seed, how they
 * meet is up to the machine: so many steps that a single method without the topic's lock shows.
 */
class TopicsThreadsTest {

    private static final int THREADS = 4;
    private static final int STEPS = 60_000;
    private static final Destination TOPIC = Destination.topic("a");
    private static final Destination PATTERN = Destination.pattern("#");

    private final AtomicLong numbers = new AtomicLong();
    private final Topics topics = new Topics(
            numbers, () -> {}, new Memory(MemoryOptions.DEFAULT, new Loops()), new Loops(), TopicOptions.DEFAULT, "");

    /** A loop, its member, and what it has published and heard. */
    private final class Party {

        private final SplittableRandom random;
        private final BrokerLoop state = new BrokerLoop(new RecordedLoop(), "");
        private final List<Message> published = new ArrayList<>();
        private final List<Message> heard = new ArrayList<>();

        /** What it has published as a member and not heard. */
        private final List<Message> due = new ArrayList<>();

        /** What it has heard as the first of a topic that followed another one. */
        private final List<Message> firsts = new ArrayList<>();

        /** Published when there was no member. */
        private final List<Message> dropped = new ArrayList<>();

        private TestFeed member = newMember();
        private boolean joined;
        private boolean byName;

        /** The last message it has heard as this member; its first one: null. */
        private Message last;

        Party(SplittableRandom random) {
            this.random = random;
        }

        private TestFeed newMember() {
            return new TestFeed();
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> publish();
                case 4, 5 -> hear();
                default -> joinOrLeave();
            }
        }

        void publish() {
            Message message = LincheckMessages.message(0);
            published.add(message);
            Outcome outcome = topics.publish(TOPIC, List.of(message), Topics.Checks.DUE);
            if (joined) {
                due.add(message);
                check(outcome.matched() > 0, "matches no member, but there is one");
            }
            check(outcome.matched() <= THREADS, "matches more than there are");
            if (outcome.matched() == 0) {
                dropped.add(message);
            }
        }

        void hear() {
            state.loop().turn();
            member.take().forEach(this::hear);
            check(due.isEmpty(), "what a member published has not come");
        }

        private void hear(Message message) {
            if (last != null && last.destination() == message.destination()) {
                check(message.sequence() == last.sequence() + 1, "does not follow what came before");
            } else if (last != null) {
                check(!byName && message.destination() > last.destination(), "another topic");
                check(message.sequence() > last.sequence(), "goes back");
                firsts.add(message);
            }
            last = message;
            heard.add(message);
            if (!due.isEmpty() && due.get(0) == message) {
                due.remove(0);
            }
        }

        void joinOrLeave() {
            if (joined) {
                leave();
                return;
            }
            member = newMember();
            last = null;
            byName = random.nextBoolean();
            if (byName) {
                topics.add(TOPIC, member, state);
            } else {
                topics.add(PATTERN, member, state);
            }
            joined = true;
        }

        /** Topics without members go in turns to come. */
        void finish() {
            while (state.loop().hasWork()) {
                state.loop().turn();
            }
        }

        void leave() {
            if (!joined) {
                return;
            }
            hear();
            member.end();
            if (byName) {
                topics.remove(TOPIC, member, state);
            } else {
                topics.remove(PATTERN, member, state);
            }
            joined = false;
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @Test
    void membersHearAllOfOneOrder() throws Exception {
        HardWork work = new HardWork();
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Party party = new Party(work.random());
            parties.add(party);
            work.add(STEPS, party::step);
        }
        work.run();
        work.check(() -> {
            parties.forEach(Party::leave);
            parties.forEach(Party::finish);
            assertThat(topics.count()).as("topics").isZero();
            placesAreUnique(parties);
            whatWasDroppedNobodyHeard(parties);
            whoGoesOnMissesNoBeginning(parties);
        });
    }

    private static void placesAreUnique(List<Party> parties) {
        Set<List<Long>> places = new HashSet<>();
        for (Party party : parties) {
            for (Message message : party.published) {
                boolean isNew = places.add(List.of(message.destination(), message.sequence()));
                check(isNew || !message.isPlaced(), "two messages have one place");
            }
        }
    }

    private static void whoGoesOnMissesNoBeginning(List<Party> parties) {
        Map<Long, Long> beginnings = new HashMap<>();
        for (Party party : parties) {
            for (Message message : party.published) {
                beginnings.merge(message.destination(), message.sequence(), Math::min);
            }
        }
        for (Party party : parties) {
            for (Message first : party.firsts) {
                check(first.sequence() == beginnings.get(first.destination()), "is not a new topic's first");
            }
        }
    }

    private static void whatWasDroppedNobodyHeard(List<Party> parties) {
        Map<Message, Boolean> heard = new IdentityHashMap<>();
        parties.forEach(party -> party.heard.forEach(message -> heard.put(message, true)));
        for (Party party : parties) {
            party.dropped.forEach(message -> check(!heard.containsKey(message), "dropped and heard"));
        }
    }
}

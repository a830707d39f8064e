package io.fanfare.topic;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.TopicOptions;
import io.fanfare.testing.LincheckMessages;
import io.fanfare.testing.RecordedLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Test;

/**
 * The registry of topics, where members by name and by pattern come and go on their loops while others publish: what a
 * member hears could have happened one after the other, so all that is published behind its subscribing reaches it.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
@Param(name = "number", gen = IntGen.class)
public class TopicsLincheckIT {

    private static final Destination TOPIC = Destination.topic("a");
    private static final Destination PATTERN = Destination.pattern("#");
    private static final int LOOPS = 4;

    private final AtomicLong numbers = new AtomicLong();
    private final Topics topics = new Topics(
            numbers, () -> {}, new Memory(MemoryOptions.DEFAULT, new Loops()), new Loops(), TopicOptions.DEFAULT, "");
    private final BrokerLoop[] states = new BrokerLoop[LOOPS];

    /** Each loop has at most one member; null: none. What it hears goes into its queue. */
    private final TestFeed[] members = new TestFeed[LOOPS];

    private final boolean[] byName = new boolean[LOOPS];

    public TopicsLincheckIT() {
        for (int i = 0; i < LOOPS; i++) {
            states[i] = new BrokerLoop(new RecordedLoop(), "");
        }
    }

    @Operation
    public Outcome publish(@Param(name = "number") int number) {
        return topics.publish(TOPIC, List.of(LincheckMessages.message(number)), Topics.Checks.DUE);
    }

    @Operation
    public void joinByName(@Param(name = "thread") int thread) {
        if (join(thread)) {
            byName[thread] = true;
            topics.add(TOPIC, members[thread], states[thread]);
        }
    }

    @Operation
    public void joinByPattern(@Param(name = "thread") int thread) {
        if (join(thread)) {
            byName[thread] = false;
            topics.add(PATTERN, members[thread], states[thread]);
        }
    }

    private boolean join(int thread) {
        boolean isNew = members[thread] == null;
        if (isNew) {
            members[thread] = new TestFeed();
        }
        return isNew;
    }

    /** What the member has heard so far, all of it. */
    @Operation
    public String hear(@Param(name = "thread") int thread) {
        states[thread].loop().turn();
        if (members[thread] == null) {
            return "nobody";
        }
        StringBuilder heard = new StringBuilder();
        for (Message message : members[thread].heard()) {
            heard.append(LincheckMessages.number(message)).append(' ');
        }
        return heard.toString();
    }

    @Operation
    public void leave(@Param(name = "thread") int thread) {
        TestFeed member = members[thread];
        if (member != null) {
            member.end();
            if (byName[thread]) {
                topics.remove(TOPIC, member, states[thread]);
            } else {
                topics.remove(PATTERN, member, states[thread]);
            }
            members[thread] = null;
        }
    }

    @Test
    void whatMembersHearCouldHaveHappenedOneAfterTheOther() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(2)
                .check(TopicsLincheckIT.class);
    }
}

package io.fanfare.broker;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Random clients against the broker and a simple model of it. {@code -Dfanfare.model.seeds=10000} runs more of them,
 * {@code -Dfanfare.model.from=SEED} begins with another seed.
 */
class ModelTest {

    private static final int STEPS = 80;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.fanfare");

    /** Where the broker would tell of a bug that it survived. */
    private final ListAppender<ILoggingEvent> bugs = new ListAppender<>();

    @BeforeEach
    void listen() {
        bugs.start();
        logger.addAppender(bugs);
        logger.setAdditive(false);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(bugs);
        logger.setAdditive(true);
    }

    @Test
    void everyClientSeesWhatTheModelSays() {
        long first = Long.getLong("fanfare.model.from", 1);
        long count = Long.getLong("fanfare.model.seeds", 200);
        for (long seed = first; seed < first + count; seed++) {
            List<ModelStep> steps = ModelStep.random(seed, STEPS);
            boolean delays = seed % 2 == 0;
            if (failure(steps, delays) != null) {
                List<ModelStep> few = shrink(steps, delays);
                fail("seed " + seed + ", " + few.size() + " steps: " + failure(few, delays));
            }
        }
    }

    /** What is wrong after these steps; null: nothing. */
    private String failure(List<ModelStep> steps, boolean delays) {
        bugs.list.clear();
        try {
            ModelRun.run(steps, delays);
        } catch (AssertionError | RuntimeException e) {
            return String.valueOf(e.getMessage() != null ? e.getMessage() : e);
        }
        return bugs.list.isEmpty() ? null : "logged " + bugs.list;
    }

    /** Leaves out what the failure does not need. */
    private List<ModelStep> shrink(List<ModelStep> failing, boolean delays) {
        List<ModelStep> steps = failing;
        for (int size = steps.size() / 2; size > 0; size /= 2) {
            for (int from = steps.size() - size; from >= 0; from -= size) {
                List<ModelStep> fewer = new ArrayList<>(steps);
                fewer.subList(from, from + size).clear();
                if (failure(fewer, delays) != null) {
                    steps = fewer;
                }
                from = Math.min(from, steps.size());
            }
        }
        return steps;
    }
}

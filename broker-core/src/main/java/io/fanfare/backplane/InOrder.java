package io.fanfare.backplane;

import io.fanfare.loop.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that run in the order in which they came, although some wait for something that another thread brings. Owned by an
 * event loop.
 */
public final class InOrder {

    private final EventLoop loop;
    private final ArrayDeque<Step> steps = new ArrayDeque<>(0);
    private boolean ended;

    /** A task, and whether what it waits for has come. */
    private static final class Step {
        private @Nullable Runnable task;
    }

    /** Nothing that waits. */
    public InOrder(EventLoop loop) {
        this.loop = loop;
    }

    /** Tasks that wait, those behind them included. */
    public int size() {
        return steps.size();
    }

    /** Runs a task: at once, or behind those that wait. */
    public void run(Runnable task) {
        assert loop.isCurrent();
        if (steps.isEmpty()) {
            task.run();
            return;
        }
        Step step = new Step();
        step.task = task;
        steps.add(step);
    }

    /**
     * Runs a task when a stage has ended, and those before it have run; in a turn of its own.
     *
     * @param task gets the stage's result, or why it failed
     */
    public <T> void runBehind(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> task) {
        assert loop.isCurrent();
        Step step = new Step();
        steps.add(step);
        stage.whenComplete((result, failure) -> loop.execute(() -> {
            step.task = () -> task.accept(result, cause(failure));
            runReady();
        }));
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        Throwable inner = failure instanceof CompletionException ? failure.getCause() : null;
        return inner == null ? failure : inner;
    }

    private void runReady() {
        while (!ended && !steps.isEmpty()) {
            Runnable task = steps.element().task;
            if (task == null) {
                return;
            }
            steps.remove();
            task.run();
        }
    }

    /** Forgets what waits: it does not run any more. */
    public void end() {
        ended = true;
        steps.clear();
    }
}

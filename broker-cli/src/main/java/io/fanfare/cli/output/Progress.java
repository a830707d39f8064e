package io.fanfare.cli.output;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, if that is a terminal; else nothing is shown. One thread calls it. */
public final class Progress implements AutoCloseable {

    private static final int UPDATE_MILLIS = 200;

    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /** Shows nothing. */
    public static Progress none() {
        return new Progress(null);
    }

    /** A bar that advances with milliseconds, up to this time. */
    public static Progress ofTime(String task, Duration whole) {
        return of(builder(task, whole.toMillis()).setUnit(" s", 1000));
    }

    /** A bar that advances with steps; -1: their number is not known. */
    public static Progress ofSteps(String task, long steps) {
        return of(builder(task, steps));
    }

    private static ProgressBarBuilder builder(String task, long most) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(most)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .clearDisplayOnFinish();
    }

    private static Progress of(ProgressBarBuilder builder) {
        return Terminal.ERR.isTerminal() ? new Progress(builder.build()) : none();
    }

    /** Moves the bar to this step, or this number of milliseconds. */
    public void stepTo(long step) {
        if (bar != null) {
            bar.stepTo(bar.isIndefinite() ? step : Math.min(step, bar.getMax()));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}

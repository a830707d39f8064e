package io.fanfare.cli.bench;

import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress bar of a run, on standard error. */
final class Progress implements LongConsumer, AutoCloseable {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int UPDATE_MILLIS = 200;

    private final ProgressBar bar;

    Progress(long nanos) {
        bar = new ProgressBarBuilder()
                .setTaskName("bench")
                .setInitialMax(nanos / NANOS_PER_MILLI)
                .setUnit(" s", 1000)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .clearDisplayOnFinish()
                .build();
    }

    @Override
    public void accept(long nanos) {
        bar.stepTo(Math.min(nanos / NANOS_PER_MILLI, bar.getMax()));
    }

    @Override
    public void close() {
        bar.close();
    }
}

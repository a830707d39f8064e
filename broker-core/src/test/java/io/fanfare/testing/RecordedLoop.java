package io.fanfare.testing;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import java.util.ArrayList;
import java.util.List;

/** A loop of one thread that hands its items to the test that asks, and not to their receivers. */
public final class RecordedLoop extends EventLoop {

    private final Mailbox mailbox;

    public RecordedLoop() {
        this(new Mailbox());
    }

    private RecordedLoop(Mailbox mailbox) {
        super(mailbox);
        this.mailbox = mailbox;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    protected void wakeUp() {}

    @Override
    public long nanoTime() {
        return 0;
    }

    /** What has been handed over since this was last asked; long jobs go on when that is nothing. */
    public List<Object> takeItems() {
        List<Object> items = drained();
        if (!items.isEmpty()) {
            return items;
        }
        longJobs().run();
        return drained();
    }

    private List<Object> drained() {
        List<Object> all = new ArrayList<>();
        mailbox.drain((receiver, items, from, to) -> {
            for (int i = from; i < to; i++) {
                all.add(items[i]);
            }
        });
        return all;
    }
}

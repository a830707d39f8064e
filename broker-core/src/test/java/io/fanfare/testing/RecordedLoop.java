package io.fanfare.testing;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A loop of one thread that hands its items to the test that asks, and not to their receivers. */
public final class RecordedLoop extends EventLoop {

    /** Hands items to their receivers, or, while they are taken, to a list. */
    private static final class Items extends Mailbox {

        private final Map<Receiver, Receiver> receivers = new ConcurrentHashMap<>();
        private @Nullable List<Object> taken;

        @Override
        public boolean post(Receiver receiver, Object item, long itemBytes) {
            return super.post(receivers.computeIfAbsent(receiver, this::orTaken), item, itemBytes);
        }

        private Receiver orTaken(Receiver receiver) {
            return (items, from, to) -> {
                if (taken == null) {
                    receiver.receive(items, from, to);
                } else {
                    taken.addAll(Arrays.asList(items).subList(from, to));
                }
            };
        }

        /** What is there once this has run. */
        List<Object> take(Runnable before) {
            List<Object> all = new ArrayList<>();
            taken = all;
            before.run();
            drain();
            taken = null;
            return all;
        }
    }

    private final Items mailbox;

    public RecordedLoop() {
        this(new Items());
    }

    private RecordedLoop(Items mailbox) {
        super(() -> 0, mailbox);
        this.mailbox = mailbox;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    protected void wakeUp() {}

    /** What has been handed over since this was last asked; long jobs go on when that is nothing. */
    public List<Object> takeItems() {
        List<Object> items = mailbox.take(() -> {});
        return items.isEmpty() ? mailbox.take(this::turn) : items;
    }
}

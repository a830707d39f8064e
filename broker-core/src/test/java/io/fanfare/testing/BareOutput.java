package io.fanfare.testing;

import io.fanfare.loop.EventLoop;

/** An output whose outbox its test looks at: it writes nothing, and cuts nothing. */
public final class BareOutput implements EventLoop.Output {

    @Override
    public void flush() {}

    @Override
    public void stalled(long waitingBytes) {}

    @Override
    public void reclaim(long waitingBytes) {}

    @Override
    public void abort() {}
}

package io.fanfare.nats.internal.queue;

import java.time.Instant;

/** Has nothing to do when servers are elected. */
final class NoElections implements Elections.Listener {

    @Override
    public void ofConsumer(String stream, Instant when) {}

    @Override
    public void ofStream(String stream) {}
}

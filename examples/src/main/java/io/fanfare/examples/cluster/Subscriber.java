package io.fanfare.examples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.client.Live;
import io.fanfare.client.LiveOptions;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows both topics, with a meter for each publisher. */
final class Subscriber {

    private final List<Meter> live;
    private final List<Meter> kept;
    private final AtomicInteger gaps = new AtomicInteger();
    private final LiveOptions options;
    private final Link link;

    /** Owned by the link's thread. */
    private @Nullable Live resumed;

    Subscriber(int id, URI broker, int publishers) {
        live = Stream.generate(Meter::new).limit(publishers).toList();
        kept = Stream.generate(Meter::new).limit(publishers).toList();
        options = LiveOptions.builder()
                .onMessage(message -> got(message, kept))
                .onGap((gap, which) -> gaps.incrementAndGet())
                .build();
        link = new Link("subscriber-" + id, broker, this::connected);
    }

    private void connected(StompClient client) {
        client.subscribe(Publisher.LIVE, Headers.EMPTY, message -> got(message, live));
        if (resumed == null) {
            resumed = client.live(Publisher.KEPT, options);
        } else {
            resumed.attach(client);
        }
    }

    private static void got(Frame message, List<Meter> meters) {
        int publisher = Integer.parseInt(message.headers().get(Publisher.FROM));
        meters.get(publisher).got(Integer.parseInt(new String(message.body(), UTF_8)));
    }

    int losses() {
        return link.losses();
    }

    /** How often the broker has said that kept messages are missing. */
    int gaps() {
        return gaps.get();
    }

    Meter live(int publisher) {
        return live.get(publisher);
    }

    Meter kept(int publisher) {
        return kept.get(publisher);
    }
}

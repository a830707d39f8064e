package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** By what the replays of many subscriptions are told apart, without a look at all of them. */
class ReplayContentTest {

    private static final int MANY = 1_000;

    private static Replay.Content content(long after, String id, String selector, @Nullable Sender exceptFrom) {
        ReplayRequest request = ReplayRequest.of(Headers.of("from", "e/" + after));
        Position position = new Position(MANY, null, Position.Store.HISTORY, after, 1, true);
        Encoding encoding = new Encoding(StompVersion.V1_2, Framing.TCP, Compression.NONE, id);
        Replay.Leg leg = new Replay.Leg(Destination.topic("a"), request, position);
        return new Replay.Content(List.of(leg), encoding, filter(selector, exceptFrom), Headers.EMPTY, false);
    }

    private static MessageFilter filter(String selector, @Nullable Sender exceptFrom) {
        try {
            return MessageFilter.of(selector.isEmpty() ? null : Selector.parse(selector), exceptFrom);
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    private static void areToldApart(IntFunction<Replay.Content> content) {
        Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            hashes.add(content.apply(i).hashCode());
            assertThat(content.apply(i)).isNotEqualTo(content.apply(i + 1));
        }
        assertThat(hashes).hasSizeGreaterThan(MANY * 9 / 10);
    }

    @Test
    void cursorsOfTheirOwnTellReplaysApart() {
        areToldApart(i -> content(i, "0", "", null));
    }

    @Test
    void idsOfTheirOwnTellReplaysApart() {
        areToldApart(i -> content(1, "sub-" + i, "", null));
    }

    @Test
    void selectorsOfTheirOwnTellReplaysApart() {
        areToldApart(i -> content(1, "0", "a = " + i, null));
    }

    @Test
    void noLocalTellsReplaysApart() {
        List<Sender> senders = Stream.generate(() -> new Sender(new DestinationQuota(1)))
                .limit(MANY + 1)
                .toList();
        areToldApart(i -> content(1, "0", "", senders.get(i)));
    }

    @Test
    void sameWordsAreTheSame() {
        assertThat(content(1, "0", "a = 1", null))
                .isEqualTo(content(1, "0", "a = 1", null))
                .hasSameHashCodeAs(content(1, "0", "a = 1", null));
    }
}

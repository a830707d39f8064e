package io.fanfare.spring;

import io.fanfare.frame.HeartBeat;
import io.fanfare.options.TopicRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code fanfare.*}.
 *
 * @param enabled whether Fanfare takes the place of Spring's simple broker
 * @param loops event loops that the sessions share, each with a thread; 0: one for each processor, four at most
 * @param preserveReceiveOrder whether Spring handles the frames of one session one after the other
 * @param heartBeat what the broker offers and wants
 * @param queue limits of each queue
 * @param maxMemory bytes of all messages together; null: half of the heap
 * @param topics what topics keep; the first that matches counts
 * @param server listeners of the broker's own
 */
@ConfigurationProperties("fanfare")
record FanfareProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("0") int loops,
        @DefaultValue("true") boolean preserveReceiveOrder,
        @DefaultValue HeartBeatProperties heartBeat,
        @DefaultValue QueueProperties queue,
        @Nullable DataSize maxMemory,
        @DefaultValue List<TopicProperties> topics,
        @DefaultValue ServerProperties server) {

    /** The most loops without {@code fanfare.loops}: sending is done by Spring's threads. */
    private static final int MAX_LOOPS = 4;

    int loopCount() {
        return loops > 0 ? loops : Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Heart-beats (STOMP 1.2); zero: none.
     *
     * @param send the shortest time between those that the broker can send
     * @param receive the time between those that it wants
     */
    record HeartBeatProperties(
            @DefaultValue("1s") Duration send,
            @DefaultValue("10s") Duration receive) {

        HeartBeat heartBeat() {
            return new HeartBeat(send, receive);
        }
    }

    /**
     * Limits of each queue, after which SEND is refused.
     *
     * @param maxMessages number of messages; null: 100,000
     * @param maxBytes their bytes; null: 256 MiB
     */
    record QueueProperties(
            @Nullable Integer maxMessages, @Nullable DataSize maxBytes) {}

    /**
     * What topics keep.
     *
     * @param match a topic, or a pattern as in SUBSCRIBE
     * @param retain which last values
     * @param retainKey the header that values are kept by, with {@code retain: by-key}
     * @param history messages of the history; 0: none
     * @param historyAge how long it keeps them; null: as long as there is room
     * @param historyBytes the bytes of them that it keeps
     * @param presence whether {@code /presence/topic/...} tells which sessions are subscribed
     */
    record TopicProperties(
            String match,
            @DefaultValue("on-request") TopicRule.Retain retain,
            @Nullable String retainKey,
            @DefaultValue("0") int history,
            @Nullable Duration historyAge,
            @DefaultValue("8MB") DataSize historyBytes,
            @DefaultValue("false") boolean presence) {

        TopicProperties {
            Objects.requireNonNull(match, "fanfare.topics: each has a match, such as /topic/prices.#");
        }

        TopicRule rule() {
            return new TopicRule(match, retain, retainKey, history, historyAge, historyBytes.toBytes(), presence);
        }
    }

    /**
     * Listeners of the broker's own, for clients that are not Spring's.
     *
     * @param enabled whether there are any; they need the module broker-websocket
     * @param host address to bind to
     * @param port of STOMP over WebSocket; 0: any free one
     * @param tcpPort of STOMP over TCP; 0: any free one, -1: off
     */
    record ServerProperties(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("127.0.0.1") String host,
            @DefaultValue("15674") int port,
            @DefaultValue("61613") int tcpPort) {}
}

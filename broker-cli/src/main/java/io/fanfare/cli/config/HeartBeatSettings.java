package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Signs of life: the keys of {@code heart_beat}. */
final class HeartBeatSettings {

    private static final Word<Duration> INTERVAL =
            new Time(Duration.ofMillis(100), Duration.ofDays(1)).or("off", Duration.ZERO);

    static final List<Setting<?>> ALL = List.of(
            heartBeat(
                    "heart_beat.send",
                    "How often the broker can send one; off: never.",
                    HeartBeat::send,
                    (all, send) -> new HeartBeat(send, all.receive())),
            heartBeat(
                    "heart_beat.receive",
                    "How often it wants one; a client silent for twice as long and a second is closed. off: never.",
                    HeartBeat::receive,
                    (all, receive) -> new HeartBeat(all.send(), receive)),
            broker(
                    "heart_beat.ping_interval",
                    INTERVAL,
                    "After how much silence a WebSocket is asked by Ping, whatever it has promised. off: never.",
                    o -> o.heartBeat().pingInterval(),
                    (b, v) -> b.heartBeat(h -> h.pingInterval(v))));

    private HeartBeatSettings() {}

    private static Setting<Duration> heartBeat(
            String key,
            String comment,
            Function<HeartBeat, Duration> get,
            BiFunction<HeartBeat, Duration, HeartBeat> with) {
        return broker(
                key,
                INTERVAL,
                comment,
                options -> get.apply(options.heartBeat().heartBeat()),
                (broker, value) -> broker.heartBeat(
                        h -> h.heartBeat(with.apply(broker.build().heartBeat().heartBeat(), value))));
    }
}

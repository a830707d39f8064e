package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.HEART_BEAT;

import io.fanfare.cli.config.Type.Word;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.frame.HeartBeat;
import io.fanfare.options.HeartBeatOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Heart-beats and Pings: the keys of {@code heart_beat}. */
final class HeartBeatSettings {

    private static final Word<Duration> INTERVAL =
            new Time(Duration.ofMillis(100), Duration.ofDays(1)).or("off", Duration.ZERO);

    static final List<Setting<?>> ALL = List.of(
            heartBeat(
                    "heart_beat.send",
                    "Interval at which the broker can send heart-beats; off: none.",
                    HeartBeat::send,
                    (all, send) -> new HeartBeat(send, all.receive())),
            heartBeat(
                    "heart_beat.receive",
                    "Interval at which clients have to send them; after twice that and 1s of silence: closed (4408)."
                            + " off: none.",
                    HeartBeat::receive,
                    (all, receive) -> new HeartBeat(all.send(), receive)),
            HEART_BEAT.option(
                    "heart_beat.ping_interval",
                    INTERVAL,
                    "Silence after which a WebSocket client gets a Ping; as much again and 1s: closed (4408). off:"
                            + " none.",
                    HeartBeatOptions::pingInterval,
                    HeartBeatOptions.Builder::pingInterval));

    private HeartBeatSettings() {}

    private static Setting<Duration> heartBeat(
            String key,
            String comment,
            Function<HeartBeat, Duration> get,
            BiFunction<HeartBeat, Duration, HeartBeat> with) {
        return Setting.broker(
                key, INTERVAL, comment, options -> get.apply(options.heartBeat().heartBeat()), (broker, value) -> {
                    HeartBeat both = with.apply(broker.build().heartBeat().heartBeat(), value);
                    broker.heartBeat(group -> group.heartBeat(both));
                });
    }
}

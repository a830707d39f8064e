package io.fanfare.cli.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All settings, in the order of the file that {@code fanfare config default} prints. The last word of a key is the name
 * that the broker's error texts use.
 */
final class Settings {

    static final List<Setting<?>> ALL = Stream.of(
                    ListenSettings.ALL,
                    TlsSettings.ALL,
                    AdminSettings.ALL,
                    AuthSettings.ALL,
                    HeartBeatSettings.ALL,
                    LimitSettings.ALL,
                    ClusterSettings.ALL,
                    StorageSettings.QUEUES_OF_THIS_NODE,
                    ClusterSettings.QUEUES,
                    StorageSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** The sections of the file, each with its comment. */
    static final Map<String, String> SECTIONS = Map.ofEntries(
            Map.entry("listen", "Where clients connect."),
            Map.entry("tls", "Encryption; changed files count for new connections, without a restart."),
            Map.entry("admin", "The HTTP listener with the API and the health checks."),
            Map.entry("log", "Lines on standard error."),
            Map.entry("auth", "Authentication."),
            Map.entry(
                    "auth.jwt",
                    "Tokens (JWT), for example as the passcode of CONNECT; switched on by one of the first four keys."),
            Map.entry(
                    "heart_beat",
                    "Heart-beats (STOMP 1.2, Heart-beating; of the two sides' intervals the longer one counts) and"
                            + " Pings."),
            Map.entry(
                    "limits",
                    "Limits of one client; an ERROR names the limit that was exceeded, and most end the connection."),
            Map.entry("cluster", "Several nodes, joined by NATS servers; switched on by the first key."),
            Map.entry("queues", "Queues, which keep messages until a consumer acknowledges them."),
            Map.entry(
                    "dedup",
                    "Repeated messages: a SEND with the dedup-id of an earlier one gets its RECEIPT and goes nowhere."),
            Map.entry("memory", "Memory of the whole broker: bytes, or a part of the JVM's maximum heap."),
            Map.entry("presence", "What /presence/topic/NAME tells, for topics whose rule has presence: true."));

    private Settings() {}
}

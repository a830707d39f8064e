package io.fanfare.cli.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every key there is, in the order of the file that {@code fanfare config default} prints. The last word of a key is the
 * name that error texts of the broker use.
 */
final class Settings {

    static final List<Setting<?>> ALL = Stream.of(
                    ListenSettings.ALL,
                    TlsSettings.ALL,
                    AdminSettings.ALL,
                    AuthSettings.ALL,
                    HeartBeatSettings.ALL,
                    LimitSettings.ALL,
                    QueueSettings.ALL,
                    MemorySettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** The sections that keys lie in, and what each is about. */
    static final Map<String, String> SECTIONS = Map.of(
            "listen", "Where clients connect.",
            "tls", "Encryption; the files are looked at again while the broker runs.",
            "admin", "Where the operator's health checks are.",
            "auth", "Who may connect.",
            "auth.jwt",
                    "Tokens (JWT), switched on by one of the first four keys; CONNECT's passcode is one, for example.",
            "heart_beat", "What the broker offers in STOMP's heart-beating; of two sides the slower one counts.",
            "limits", "What one client may do; beyond it an ERROR names the limit, and most end the connection.",
            "queues", "Queues, which keep messages until somebody takes them.",
            "memory", "All of the broker together: bytes, or a part of the JVM's heap.");

    private Settings() {}
}

package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;

import java.util.List;

/** All of the broker together: the keys of {@code memory}. */
final class MemorySettings {

    private static final HeapShare MEMORY =
            new HeapShare(Size.ANY, Runtime.getRuntime().maxMemory());

    static final List<Setting<?>> ALL = List.of(
            broker(
                    "memory.max_memory_bytes",
                    MEMORY,
                    "What queues, transactions and messages under way may take together; beyond it SEND is refused.",
                    o -> o.memory().maxMemoryBytes(),
                    (b, v) -> b.memory(m -> m.maxMemoryBytes(v))),
            broker(
                    "memory.high_memory_bytes",
                    MEMORY,
                    "What may be under way to subscribers; beyond it publishers are not read from.",
                    o -> o.memory().highMemoryBytes(),
                    (b, v) -> b.memory(m -> m.highMemoryBytes(v))));

    private MemorySettings() {}
}

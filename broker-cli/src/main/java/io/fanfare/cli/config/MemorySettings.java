package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.MEMORY;

import io.fanfare.cli.config.ValueTypes.HeapShare;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.options.MemoryOptions;
import java.util.List;

/** Memory limits of the whole broker: the keys of {@code memory}. */
final class MemorySettings {

    static final HeapShare BYTES = new HeapShare(Size.ANY, Runtime.getRuntime().maxMemory());

    static final List<Setting<?>> ALL = List.of(
            MEMORY.option(
                    "memory.max_memory_bytes",
                    BYTES,
                    "Bytes of queues, transactions and messages under way together; beyond it SEND is refused.",
                    MemoryOptions::maxMemoryBytes,
                    MemoryOptions.Builder::maxMemoryBytes),
            MEMORY.option(
                    "memory.high_memory_bytes",
                    BYTES,
                    "Bytes under way to subscribers; beyond it stalled ones are cut, and connections that SEND not read from.",
                    MemoryOptions::highMemoryBytes,
                    MemoryOptions.Builder::highMemoryBytes));

    private MemorySettings() {}
}

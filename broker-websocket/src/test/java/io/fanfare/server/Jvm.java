package io.fanfare.server;

import io.fanfare.testing.HeapMeter;
import java.io.File;
import java.util.List;
import java.util.Locale;

/** What this process holds right now. */
final class Jvm {

    private static final List<String> OURS = List.of("fanfare-", "grizzly", "tyrus");
    private static final List<String> CLIENT = List.of("fanfare-client-", "fanfare-timer-");

    private Jvm() {}

    /** Threads of servers; the client's are not among them. */
    static List<String> serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> OURS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains))
                .filter(name -> CLIENT.stream().noneMatch(name::startsWith))
                .sorted()
                .toList();
    }

    static int fileDescriptors() {
        String[] entries = new File("/proc/self/fd").list();
        return entries == null ? -1 : entries.length;
    }

    /** Live bytes of the heap. */
    static long usedHeapBytes() {
        return HeapMeter.usedBytes();
    }
}

package io.fanfare.examples.dashboard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses single files of {@code /proc} (proc(5)). */
final class ProcFiles {

    private ProcFiles() {}

    /** Counters of one network interface since it came up. */
    record Traffic(long received, long sent) {}

    /**
     * One process, from {@code /proc/PID/stat}.
     *
     * @param ticks processor time, in the unit of {@link CpuTimes}
     * @param started time of its start, in ticks since the machine started; with the process id it identifies a process
     * @param state what the letter in the file means
     */
    record ProcessStat(long pid, String name, long ticks, long started, String state, int threads) {}

    static Measurements.Memory memory(List<String> meminfo) {
        Map<String, Long> octets = new HashMap<>();
        for (String line : meminfo) {
            // MemTotal:        6100936 kB
            String[] words = line.split("[: ]+");
            if (words.length == 3) {
                octets.put(words[0], Long.parseLong(words[1]) * 1024);
            }
        }
        long total = octets.getOrDefault("MemTotal", 0L);
        long free = octets.getOrDefault("MemFree", 0L);
        long reclaimable = octets.getOrDefault("Buffers", 0L)
                + octets.getOrDefault("Cached", 0L)
                + octets.getOrDefault("SReclaimable", 0L);
        // kernels before 3.14 have no MemAvailable
        long available = octets.getOrDefault("MemAvailable", free + reclaimable);
        long swapTotal = octets.getOrDefault("SwapTotal", 0L);
        long swapFree = octets.getOrDefault("SwapFree", 0L);
        return new Measurements.Memory(
                total,
                total - available,
                // a part of the cache (shared memory) can't be dropped and counts as used
                Math.max(0, available - free),
                swapTotal,
                swapTotal - swapFree);
    }

    /** The interfaces with any traffic, by name, in the order of the file. */
    static Map<String, Traffic> traffic(List<String> netDev) {
        Map<String, Traffic> traffic = new LinkedHashMap<>();
        for (String line : netDev) {
            // "  eth0: 1067585427   25716 ..."; large counters may touch the colon
            int colon = line.lastIndexOf(':');
            if (colon < 0) {
                continue;
            }
            String[] numbers = line.substring(colon + 1).trim().split(" +");
            Traffic octets = new Traffic(Long.parseLong(numbers[0]), Long.parseLong(numbers[8]));
            if (octets.received() + octets.sent() > 0) {
                traffic.put(line.substring(0, colon).trim(), octets);
            }
        }
        return traffic;
    }

    static List<Double> load(String loadavg) {
        return Arrays.stream(loadavg.split(" ")).limit(3).map(Double::valueOf).toList();
    }

    /** Parses a process; empty when the text is cut, as when the process ends meanwhile. */
    static Optional<ProcessStat> process(String stat) {
        // "4711 (Web Content (2)) S 1 ...": a name may contain blanks and brackets, so it ends at the last bracket
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 0 || close < open || close + 2 > stat.length()) {
            return Optional.empty();
        }
        // counted from the state, which is field 3 in proc(5)
        String[] fields = stat.substring(close + 2).split(" ");
        if (fields.length < 20) {
            return Optional.empty();
        }
        long user = Long.parseLong(fields[11]);
        long system = Long.parseLong(fields[12]);
        return Optional.of(new ProcessStat(
                Long.parseLong(stat.substring(0, open).trim()),
                stat.substring(open + 1, close),
                user + system,
                Long.parseLong(fields[19]),
                state(fields[0]),
                Integer.parseInt(fields[17])));
    }

    private static String state(String letter) {
        return switch (letter) {
            case "R" -> "running";
            case "S" -> "sleeping";
            case "D" -> "waiting";
            case "T", "t" -> "stopped";
            case "Z" -> "zombie";
            case "I" -> "idle";
            default -> "";
        };
    }

    /** Octets in memory, from {@code /proc/PID/status}; 0 for a kernel thread, which has none. */
    static long residentOctets(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}

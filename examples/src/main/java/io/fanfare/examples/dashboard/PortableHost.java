package io.fanfare.examples.dashboard;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measures any machine through the JDK's API, which has no single processors, no network and no memory of processes. */
final class PortableHost implements Host {

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private Map<Long, Duration> lastCpu = Map.of();
    private long lastNanos = System.nanoTime();

    @Override
    public String source() {
        return "the JDK's OperatingSystemMXBean: no single cores, no network, no memory of processes";
    }

    @Override
    public Measurements measure() {
        long nanos = System.nanoTime();
        double seconds = Math.max(1e-3, (nanos - lastNanos) / 1e9);
        lastNanos = nanos;
        return new Measurements(
                System.currentTimeMillis(), cpu(), memory(), new Measurements.Network(List.of()), processes(seconds));
    }

    private Measurements.Cpu cpu() {
        // negative: not available (yet)
        double total = Math.max(0, 100 * system.getCpuLoad());
        double load = system.getSystemLoadAverage();
        return new Measurements.Cpu(total, total, 0, 0, List.of(), load < 0 ? List.of() : List.of(load));
    }

    private Measurements.Memory memory() {
        long total = system.getTotalMemorySize();
        return new Measurements.Memory(
                total,
                total - system.getFreeMemorySize(),
                0,
                system.getTotalSwapSpaceSize(),
                system.getTotalSwapSpaceSize() - system.getFreeSwapSpaceSize());
    }

    private Measurements.Processes processes(double seconds) {
        Map<Long, Duration> cpu = new HashMap<>();
        Map<Long, String> names = new HashMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            ProcessHandle.Info info = process.info();
            info.totalCpuDuration().ifPresent(used -> cpu.put(process.pid(), used));
            names.put(process.pid(), info.command().map(PortableHost::fileName).orElse("?"));
        });
        List<Measurements.Process> busiest = cpu.entrySet().stream()
                .map(entry -> {
                    Duration before = lastCpu.getOrDefault(entry.getKey(), entry.getValue());
                    double percent = 100 * entry.getValue().minus(before).toNanos() / 1e9 / seconds;
                    String name = names.getOrDefault(entry.getKey(), "?");
                    return new Measurements.Process(entry.getKey(), name, Math.max(0, percent), 0);
                })
                .sorted(Comparator.comparingDouble(Measurements.Process::cpu).reversed())
                .limit(BUSIEST)
                .toList();
        lastCpu = cpu;
        return new Measurements.Processes(names.size(), busiest);
    }

    private static String fileName(String command) {
        Path name = Path.of(command).getFileName();
        return name == null ? command : name.toString();
    }
}

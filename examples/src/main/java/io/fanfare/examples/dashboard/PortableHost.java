package io.fanfare.examples.dashboard;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Measures any machine through the JDK's API, which has no single processors, no network and no memory of processes. */
final class PortableHost implements Host {

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private Map<Long, Duration> lastCpu = Map.of();
    private long lastNanos = System.nanoTime();

    /** The JDK's own first answers have no load to tell, and each process's time begins with the first look at it. */
    PortableHost() {
        system.getCpuLoad();
        processes(1);
    }

    @Override
    public String source() {
        return "the JDK's OperatingSystemMXBean: no single cores, no network, no memory of processes";
    }

    @Override
    public Measurements measure() {
        long nanos = System.nanoTime();
        double seconds = Math.max(1e-3, (nanos - lastNanos) / 1e9);
        lastNanos = nanos;
        List<Measurements.ProcessRow> all = processes(seconds);
        return new Measurements(
                System.currentTimeMillis(),
                cpu(),
                memory(),
                new Measurements.Network(List.of()),
                busiest(all),
                longest(all));
    }

    @Override
    public double pulse() {
        return Math.max(0, 100 * system.getCpuLoad());
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

    private List<Measurements.ProcessRow> processes(double seconds) {
        Map<Long, Duration> cpu = new HashMap<>();
        Map<Long, String> names = new HashMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            ProcessHandle.Info info = process.info();
            info.totalCpuDuration().ifPresent(used -> cpu.put(process.pid(), used));
            names.put(process.pid(), info.command().map(PortableHost::fileName).orElse("?"));
        });
        List<Measurements.ProcessRow> rows = new ArrayList<>();
        names.forEach((pid, name) -> {
            Duration used = cpu.getOrDefault(pid, Duration.ZERO);
            double percent = 100 * seconds(used.minus(lastCpu.getOrDefault(pid, used))) / seconds;
            rows.add(new Measurements.ProcessRow(pid, name, "", 0, Math.max(0, percent), seconds(used), 0));
        });
        lastCpu = cpu;
        return rows;
    }

    private static Measurements.Processes busiest(List<Measurements.ProcessRow> all) {
        List<Measurements.Process> busiest = all.stream()
                .sorted(Comparator.comparingDouble(Measurements.ProcessRow::cpu).reversed())
                .limit(BUSIEST)
                .map(row -> new Measurements.Process(row.pid(), row.name(), row.cpu(), row.memory()))
                .toList();
        return new Measurements.Processes(all.size(), busiest);
    }

    private static List<Measurements.ProcessRow> longest(List<Measurements.ProcessRow> all) {
        return all.stream()
                .sorted(Comparator.comparingDouble(Measurements.ProcessRow::cpuSeconds)
                        .reversed())
                .limit(ROWS)
                .toList();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static String fileName(String command) {
        Path name = Path.of(command).getFileName();
        return name == null ? command : name.toString();
    }
}

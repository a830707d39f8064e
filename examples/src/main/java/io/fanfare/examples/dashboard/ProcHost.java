package io.fanfare.examples.dashboard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fanfare.examples.dashboard.ProcFiles.ProcessStat;
import io.fanfare.examples.dashboard.ProcFiles.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Measures a Linux machine through {@code /proc}. */
final class ProcHost implements Host {

    /** All counters at one moment. */
    private record Reading(long nanos, CpuTimes cpu, Map<String, Traffic> traffic, Map<Long, ProcessStat> processes) {}

    /** USER_HZ, which is 100 on every processor that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private final Path proc;
    private final LongSupplier nanoTime;
    private final LongSupplier millis;
    private Reading last;
    private CpuTimes lastPulse;
    private double pulse;

    ProcHost(Path proc, LongSupplier nanoTime, LongSupplier millis) {
        this.proc = proc;
        this.nanoTime = nanoTime;
        this.millis = millis;
        this.last = read();
        this.lastPulse = last.cpu;
    }

    @Override
    public String source() {
        return "/proc";
    }

    @Override
    public Measurements measure() {
        Reading now = read();
        Reading before = last;
        last = now;
        CpuTimes cpu = now.cpu.since(before.cpu);
        return new Measurements(
                millis.getAsLong(),
                cpu.toCpu(ProcFiles.load(lines("loadavg").get(0))),
                ProcFiles.memory(lines("meminfo")),
                network(now, before),
                processes(now, before, cpu),
                table(now, before, cpu));
    }

    @Override
    public double pulse() {
        CpuTimes now = CpuTimes.parse(lines("stat"));
        CpuTimes.Times passed = now.since(lastPulse).all();
        if (passed.sum() > 0) {
            lastPulse = now;
            pulse = passed.busyPercent();
        }
        return pulse;
    }

    private Reading read() {
        return new Reading(
                nanoTime.getAsLong(),
                CpuTimes.parse(lines("stat")),
                ProcFiles.traffic(lines("net/dev")),
                readProcesses());
    }

    private Map<Long, ProcessStat> readProcesses() {
        Map<Long, ProcessStat> processes = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path folder : folders) {
                try {
                    String stat = Files.readString(folder.resolve("stat"), ISO_8859_1);
                    ProcFiles.process(stat).ifPresent(process -> processes.put(process.pid(), process));
                } catch (IOException e) {
                    // the process ended between the listing and the reading
                    continue;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return processes;
    }

    private static Measurements.Network network(Reading now, Reading before) {
        double seconds = (now.nanos - before.nanos) / 1e9;
        List<Measurements.Interface> interfaces = new ArrayList<>();
        now.traffic.forEach((name, traffic) -> {
            Traffic earlier = before.traffic.getOrDefault(name, traffic);
            interfaces.add(new Measurements.Interface(
                    name,
                    perSecond(traffic.received() - earlier.received(), seconds),
                    perSecond(traffic.sent() - earlier.sent(), seconds)));
        });
        return new Measurements.Network(interfaces);
    }

    private static double perSecond(long octets, double seconds) {
        // the counters of an interface that went down and up begin at 0
        return seconds <= 0 ? 0 : Math.max(0, octets) / seconds;
    }

    private Measurements.Processes processes(Reading now, Reading before, CpuTimes cpu) {
        // of two equally busy processes, the one with more processor time in all
        Comparator<ProcessStat> byCpu = Comparator.comparingDouble(process -> cpuPercent(process, before, cpu));
        List<Measurements.Process> busiest = now.processes.values().stream()
                .sorted(byCpu.thenComparingLong(ProcessStat::ticks).reversed())
                .limit(BUSIEST)
                .map(process -> new Measurements.Process(
                        process.pid(), process.name(), cpuPercent(process, before, cpu), memory(process)))
                .toList();
        return new Measurements.Processes(now.processes.size(), busiest);
    }

    private List<Measurements.ProcessRow> table(Reading now, Reading before, CpuTimes cpu) {
        return now.processes.values().stream()
                .sorted(Comparator.comparingLong(ProcessStat::ticks).reversed())
                .limit(ROWS)
                .map(process -> new Measurements.ProcessRow(
                        process.pid(),
                        process.name(),
                        process.state(),
                        process.threads(),
                        cpuPercent(process, before, cpu),
                        process.ticks() / TICKS_PER_SECOND,
                        memory(process)))
                .toList();
    }

    private static double cpuPercent(ProcessStat process, Reading before, CpuTimes cpu) {
        ProcessStat earlier = before.processes.getOrDefault(process.pid(), process);
        long ticks = earlier.started() == process.started() ? process.ticks() - earlier.ticks() : 0;
        // in per cent of one processor, and not of all together
        return cpu.all().percent(ticks) * Math.max(1, cpu.cores().size());
    }

    private long memory(ProcessStat process) {
        try {
            return ProcFiles.residentOctets(Files.readAllLines(proc.resolve(process.pid() + "/status"), ISO_8859_1));
        } catch (IOException e) {
            // the process has ended since
            return 0;
        }
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file), ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

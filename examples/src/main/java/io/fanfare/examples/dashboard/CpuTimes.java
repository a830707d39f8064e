package io.fanfare.examples.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Processor time since the machine started, in ticks, from {@code /proc/stat} (proc(5)).
 *
 * @param all of all processors together
 * @param cores of each processor that is on-line
 */
record CpuTimes(Times all, List<Times> cores) {

    /** One line: user and nice, system with interrupts, idle, waiting for I/O, stolen by other guests. */
    record Times(long user, long system, long idle, long waiting, long stolen) {

        static final Times NONE = new Times(0, 0, 0, 0, 0);

        long sum() {
            return user + system + idle + waiting + stolen;
        }

        Times since(Times before) {
            // the counters of a processor that was off-line begin again, and waiting may decrease
            return new Times(
                    Math.max(0, user - before.user),
                    Math.max(0, system - before.system),
                    Math.max(0, idle - before.idle),
                    Math.max(0, waiting - before.waiting),
                    Math.max(0, stolen - before.stolen));
        }

        double busyPercent() {
            return percent(user + system + stolen);
        }

        double percent(long ticks) {
            long sum = sum();
            return sum == 0 ? 0 : 100.0 * ticks / sum;
        }
    }

    static CpuTimes parse(List<String> stat) {
        Times all = Times.NONE;
        List<Times> cores = new ArrayList<>();
        for (String line : stat) {
            if (line.startsWith("cpu ")) {
                all = times(line);
            } else if (line.startsWith("cpu")) {
                cores.add(times(line));
            }
        }
        return new CpuTimes(all, List.copyOf(cores));
    }

    private static Times times(String line) {
        // user nice system idle iowait irq softirq steal; guest time is part of user time. Old kernels have fewer.
        long[] t = Arrays.stream(line.trim().split(" +"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        long[] ticks = Arrays.copyOf(t, 8);
        return new Times(ticks[0] + ticks[1], ticks[2] + ticks[5] + ticks[6], ticks[3], ticks[4], ticks[7]);
    }

    /** The difference between an earlier reading and this one. */
    CpuTimes since(CpuTimes before) {
        List<Times> changes = new ArrayList<>();
        for (int i = 0; i < cores.size(); i++) {
            Times earlier = i < before.cores.size() ? before.cores.get(i) : Times.NONE;
            changes.add(cores.get(i).since(earlier));
        }
        return new CpuTimes(all.since(before.all), changes);
    }

    Measurements.Cpu toCpu(List<Double> load) {
        return new Measurements.Cpu(
                all.busyPercent(),
                all.percent(all.user),
                all.percent(all.system),
                all.percent(all.waiting),
                cores.stream().map(Times::busyPercent).toList(),
                load);
    }
}

package io.fanfare.examples.dashboard;

import java.util.List;

/**
 * The values of one measurement. Percentages run from 0 to 100, amounts are octets, rates are octets per second.
 *
 * @param time milliseconds since 1970
 * @param table the processes with the most processor time so far, in no order
 */
record Measurements(long time, Cpu cpu, Memory memory, Network network, Processes processes, List<ProcessRow> table) {

    /**
     * Use of the processors since the last measurement, in per cent.
     *
     * @param total of all processors together: user, system and anything else that is not idle
     * @param waiting idle while waiting for I/O; part of the idle time
     * @param cores total of each processor; empty where it is not available
     * @param load the average number of runnable tasks over 1, 5 and 15 minutes; fewer where they are not available
     */
    record Cpu(double total, double user, double system, double waiting, List<Double> cores, List<Double> load) {}

    /**
     * Use of the memory.
     *
     * @param used not available to further programs without swapping
     * @param cached of the rest: file contents, which are dropped when programs need memory
     */
    record Memory(long total, long used, long cached, long swapTotal, long swapUsed) {}

    record Network(List<Interface> interfaces) {}

    record Interface(String name, double receivedPerSecond, double sentPerSecond) {}

    /**
     * The busiest processes, the busiest first.
     *
     * @param count of all processes
     */
    record Processes(int count, List<Process> busiest) {}

    /**
     * One process.
     *
     * @param cpu in per cent of one processor: a process that keeps two busy has 200
     * @param memory that is resident
     */
    record Process(long pid, String name, double cpu, long memory) {}

    /**
     * One process with all that a row of the table shows.
     *
     * @param state such as {@code sleeping}; empty where it is not available
     * @param threads 0 where they are not available
     * @param cpu in per cent of one processor
     * @param cpuSeconds processor time since the process started
     * @param memory that is resident
     */
    record ProcessRow(long pid, String name, String state, int threads, double cpu, double cpuSeconds, long memory) {}
}

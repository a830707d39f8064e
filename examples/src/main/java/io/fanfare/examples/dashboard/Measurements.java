package io.fanfare.examples.dashboard;

import java.util.List;

/**
 * What was measured at one moment. Percentages run from 0 to 100, amounts are octets, rates are octets per second.
 *
 * @param time milliseconds since 1970
 */
record Measurements(long time, Cpu cpu, Memory memory, Network network, Processes processes) {

    /**
     * Where the processors' time went since the measurement before.
     *
     * @param total all of them together: user, system and what else is not idle
     * @param waiting idle while a disk or the like was awaited; part of the idle time
     * @param cores each one's total; empty where that is not known
     * @param load the average number of runnable tasks over 1, 5 and 15 minutes; fewer where they are not known
     */
    record Cpu(double total, double user, double system, double waiting, List<Double> cores, List<Double> load) {}

    /**
     * Where the memory is now.
     *
     * @param used what programs could not be given without taking it from others
     * @param cached of the rest: file contents that are dropped when somebody needs the room
     */
    record Memory(long total, long used, long cached, long swapTotal, long swapUsed) {}

    record Network(List<Interface> interfaces) {}

    record Interface(String name, double receivedPerSecond, double sentPerSecond) {}

    /**
     * The busiest processes, the busiest first.
     *
     * @param count how many there are in all
     */
    record Processes(int count, List<Process> busiest) {}

    /**
     * One process.
     *
     * @param cpu of one processor's time: a process that keeps two busy has 200
     * @param memory what it occupies
     */
    record Process(long pid, String name, double cpu, long memory) {}
}

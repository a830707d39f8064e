package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.examples.dashboard.ProcFiles.ProcessStat;
import io.fanfare.examples.dashboard.ProcFiles.Traffic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcFilesTest {

    private static final long KIB = 1024;

    @Test
    void memoryIsTotalUsedAndCached() {
        List<String> meminfo = """
                MemTotal:       24683896 kB
                MemFree:        18023700 kB
                MemAvailable:   23210256 kB
                Buffers:          199132 kB
                Cached:          4998772 kB
                SwapCached:            0 kB
                SReclaimable:     187620 kB
                SwapTotal:       2097148 kB
                SwapFree:        2000000 kB
                HugePages_Total:       0
                Hugepagesize:       2048 kB
                """.lines().toList();
        assertThat(ProcFiles.memory(meminfo))
                .isEqualTo(new Measurements.Memory(
                        24683896 * KIB,
                        (24683896 - 23210256) * KIB,
                        (23210256 - 18023700) * KIB,
                        2097148 * KIB,
                        97148 * KIB));
    }

    @Test
    void anOldKernelDoesNotSayWhatIsAvailable() {
        List<String> meminfo = List.of("MemTotal: 100 kB", "MemFree: 20 kB", "Buffers: 5 kB", "Cached: 30 kB");
        assertThat(ProcFiles.memory(meminfo)).isEqualTo(new Measurements.Memory(100 * KIB, 45 * KIB, 35 * KIB, 0, 0));
    }

    @Test
    void trafficIsOctetsReceivedAndSentOfInterfacesInUse() {
        List<String> netDev = """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo: 96665892 6397877    0    0    0     0          0         0 96665892 6397877    0    0    0     0       0          0
                  ifb0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
                  eth0:1067585427   25716    0    0    0     0          0         0  2348110   18084    0    0    0     0       0          0
                eth0:1: 7 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0
                """.lines().toList();
        assertThat(ProcFiles.traffic(netDev))
                .containsExactly(
                        Map.entry("lo", new Traffic(96665892, 96665892)),
                        Map.entry("eth0", new Traffic(1067585427, 2348110)),
                        Map.entry("eth0:1", new Traffic(7, 0)));
    }

    @Test
    void loadIsThreeAverages() {
        assertThat(ProcFiles.load("2.00 3.05 2.67 3/120 26349")).containsExactly(2.0, 3.05, 2.67);
    }

    @Test
    void aProcessHasANameAndTicks() {
        String stat = "26349 (java) S 26301 26301 1 0 -1 4194304 41012 0 12 0 311 45 0 0 20 0 33 0 987654 5120000 40500"
                + " 18446744073709551615 1 1 0 0 0 0 0 0 16800975 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0";
        assertThat(ProcFiles.process(stat)).hasValue(new ProcessStat(26349, "java", 356, 987654, "sleeping", 33));
    }

    @Test
    void aNameMayHoldBlanksAndBrackets() {
        String stat = "7 (Web (1) S ) R 1 1 1 0 -1 0 0 0 0 0 5 6 0 0 20 0 1 0 99 0 0";
        assertThat(ProcFiles.process(stat)).hasValue(new ProcessStat(7, "Web (1) S ", 11, 99, "running", 1));
    }

    @Test
    void aTextThatIsCutIsNoProcess() {
        assertThat(ProcFiles.process("")).isEmpty();
        assertThat(ProcFiles.process("7 (sh")).isEmpty();
        assertThat(ProcFiles.process("7 (sh)")).isEmpty();
        assertThat(ProcFiles.process("7 (sh) R 1 1")).isEmpty();
    }

    @Test
    void residentMemoryIsInKibibytesAndAKernelThreadHasNone() {
        assertThat(ProcFiles.residentOctets(List.of("Name:\tjava", "VmRSS:\t  145408 kB", "Threads:\t33")))
                .isEqualTo(145408 * KIB);
        assertThat(ProcFiles.residentOctets(List.of("Name:\tkthreadd", "Threads:\t1")))
                .isZero();
    }
}

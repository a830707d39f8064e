package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfare.examples.dashboard.CpuTimes.Times;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuTimesTest {

    /** Two cores, recorded on Linux 6.1; most of {@code intr} is left out. */
    private static final List<String> STAT = """
            cpu  258760 12 24708 465188 1277 3 2531 907 0 0
            cpu0 127536 12 11136 236387 192 1 985 444 0 0
            cpu1 131223 0 13571 228800 1084 2 1545 462 0 0
            intr 1771943 0 0 0 1 14
            ctxt 4488543
            btime 1763719200
            processes 28467
            procs_running 3
            procs_blocked 0
            softirq 1221122 0 293485 14 46810 18237 0 5714 458811 0 398051
            """.lines().toList();

    @Test
    void aLineIsUserSystemIdleWaitingAndStolen() {
        CpuTimes times = CpuTimes.parse(STAT);
        assertThat(times.all()).isEqualTo(new Times(258772, 27242, 465188, 1277, 907));
        assertThat(times.cores())
                .containsExactly(
                        new Times(127548, 12122, 236387, 192, 444), new Times(131223, 15118, 228800, 1084, 462));
    }

    @Test
    void anOldKernelsLineHasFewerNumbers() {
        assertThat(CpuTimes.parse(List.of("cpu  10 0 20 70")).all()).isEqualTo(new Times(10, 20, 70, 0, 0));
    }

    @Test
    void loadIsTheShareOfTheTimeBetweenTwoReadings() {
        CpuTimes before = CpuTimes.parse(List.of("cpu  100 0 50 800 10 0 0 0 0 0", "cpu0 100 0 50 800 10 0 0 0 0 0"));
        CpuTimes after = CpuTimes.parse(List.of("cpu  130 0 60 850 15 0 0 5 0 0", "cpu0 130 0 60 850 15 0 0 5 0 0"));

        Measurements.Cpu cpu = after.since(before).toCpu(List.of(1.0, 2.0, 3.0));
        assertThat(cpu.user()).isCloseTo(30, within(1e-9));
        assertThat(cpu.system()).isCloseTo(10, within(1e-9));
        assertThat(cpu.waiting()).isCloseTo(5, within(1e-9));
        assertThat(cpu.total()).isCloseTo(45, within(1e-9));
        assertThat(cpu.cores()).containsExactly(cpu.total());
        assertThat(cpu.load()).containsExactly(1.0, 2.0, 3.0);
    }

    @Test
    void nothingHappenedIsNoLoad() {
        CpuTimes times = CpuTimes.parse(STAT);
        assertThat(times.since(times).toCpu(List.of()).total()).isZero();
    }

    @Test
    void countersThatWentBackAreNoNegativeLoad() {
        CpuTimes before = CpuTimes.parse(List.of("cpu  100 0 50 800 10"));
        CpuTimes after = CpuTimes.parse(List.of("cpu  110 0 50 810 3"));
        assertThat(after.since(before).all()).isEqualTo(new Times(10, 0, 10, 0, 0));
    }

    @Test
    void aCoreThatCameOnlineBeginsAtZero() {
        CpuTimes one = CpuTimes.parse(List.of("cpu  1 0 0 0", "cpu0 1 0 0 0"));
        CpuTimes two = CpuTimes.parse(List.of("cpu  2 0 0 3", "cpu0 2 0 0 0", "cpu1 1 0 0 3"));
        assertThat(two.since(one).cores()).containsExactly(new Times(1, 0, 0, 0, 0), new Times(1, 0, 3, 0, 0));
    }
}

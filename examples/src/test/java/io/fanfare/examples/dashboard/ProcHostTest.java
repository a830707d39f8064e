package io.fanfare.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcHostTest {

    @TempDir
    private Path proc;

    private long nanos;
    private ProcHost host;

    @BeforeEach
    void machineWithTwoCores() throws IOException {
        write("loadavg", "0.50 0.40 0.30 1/99 1234");
        write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 600 kB\nMemFree: 500 kB\n");
        write("stat", "cpu  100 0 100 800\ncpu0 50 0 50 400\ncpu1 50 0 50 400\n");
        network(1_000, 500);
        process(10, "busy", 40, 5);
        process(20, "idle", 60, 6);
        write("20/status", "Name:\tidle\nVmRSS:\t 2048 kB\n");
        host = new ProcHost(proc, () -> nanos, () -> 1_763_719_200_000L);
    }

    @Test
    void theFirstMeasurementIsOverTheTimeSinceTheHostWasMade() throws IOException {
        nanos += 2_000_000_000L;
        write("stat", "cpu  150 0 100 850\ncpu0 100 0 50 400\ncpu1 50 0 50 450\n");
        network(5_000, 1_500);
        process(10, "busy", 80, 5);
        Measurements first = host.measure();
        assertThat(first.time()).isEqualTo(1_763_719_200_000L);
        assertThat(first.cpu().total()).isCloseTo(50, within(1e-9));
        assertThat(first.cpu().load()).containsExactly(0.5, 0.4, 0.3);
        assertThat(first.memory().used()).isEqualTo(400 * 1024);
        assertThat(first.network().interfaces()).containsExactly(new Measurements.Interface("eth0", 2_000, 500));
        assertThat(first.processes().count()).isEqualTo(2);
        assertThat(first.processes().busiest())
                .extracting(Measurements.Process::name, Measurements.Process::memory)
                .containsExactly(tuple("busy", 0L), tuple("idle", 2048L * 1024));
    }

    @Test
    void theNextOneIsOverTheTimeBetween() throws IOException {
        host.measure();
        nanos += 2_000_000_000L;
        write("stat", "cpu  150 0 100 850\ncpu0 100 0 50 400\ncpu1 50 0 50 450\n");
        network(5_000, 1_500);
        process(10, "busy", 80, 5);

        Measurements second = host.measure();
        assertThat(second.cpu().total()).isCloseTo(50, within(1e-9));
        assertThat(second.cpu().cores()).containsExactly(100.0, 0.0);
        assertThat(second.network().interfaces()).containsExactly(new Measurements.Interface("eth0", 2_000, 500));
        Measurements.Process busiest = second.processes().busiest().get(0);
        assertThat(busiest.name()).isEqualTo("busy");
        // 40 of the 100 ticks that two cores had: 80 % of one
        assertThat(busiest.cpu()).isCloseTo(80, within(1e-9));
    }

    @Test
    void aProcessIdThatIsUsedAgainBeginsAtZero() throws IOException {
        host.measure();
        write("stat", "cpu  200 0 100 800\ncpu0 100 0 50 400\ncpu1 100 0 50 400\n");
        process(10, "another", 90, 7);
        assertThat(host.measure().processes().busiest())
                .filteredOn(process -> process.pid() == 10)
                .containsExactly(new Measurements.Process(10, "another", 0, 0));
    }

    @Test
    void aProcessThatGoesWhileItIsReadIsLeftOut() throws IOException {
        Files.createDirectories(proc.resolve("30"));
        assertThat(host.measure().processes().count()).isEqualTo(2);
    }

    @Test
    void onlyTheBusiestAreListed() throws IOException {
        for (int pid = 100; pid < 150; pid++) {
            process(pid, "p" + pid, pid, 1);
        }
        Measurements.Processes processes = host.measure().processes();
        assertThat(processes.count()).isEqualTo(52);
        assertThat(processes.busiest()).hasSize(Host.BUSIEST);
        assertThat(processes.busiest().get(0).name()).isEqualTo("p149");
    }

    @Test
    void theTableHasTheProcessesWithTheMostProcessorTime() throws IOException {
        for (int pid = 100; pid < 100 + Host.ROWS; pid++) {
            process(pid, "p" + pid, 50, 1);
        }
        List<Measurements.ProcessRow> table = host.measure().table();
        assertThat(table).hasSize(Host.ROWS).extracting("pid").doesNotContain(10L);
        assertThat(table.get(0)).isEqualTo(new Measurements.ProcessRow(20, "idle", "sleeping", 1, 0, 0.6, 2048 * 1024));
    }

    @Test
    void thePulseIsOverTheTimeSinceTheLastOne() throws IOException {
        write("stat", "cpu  120 0 100 800\n");
        assertThat(host.pulse()).isCloseTo(100, within(1e-9));
        write("stat", "cpu  150 0 100 810\n");
        assertThat(host.pulse()).isCloseTo(75, within(1e-9));
        // no tick has passed
        assertThat(host.pulse()).isCloseTo(75, within(1e-9));
    }

    private void network(long received, long sent) throws IOException {
        write(
                "net/dev",
                "Inter-|   Receive |  Transmit\n face |bytes |bytes\n  eth0: " + received + " 1 0 0 0 0 0 0 " + sent
                        + " 1 0 0 0 0 0 0\n");
    }

    private void process(int pid, String name, int ticks, int started) throws IOException {
        write(
                pid + "/stat",
                pid + " (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 " + ticks + " 0 0 0 20 0 1 0 " + started + " 0 0");
    }

    private void write(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}

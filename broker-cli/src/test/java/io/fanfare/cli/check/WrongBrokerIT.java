package io.fanfare.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.check.WrongBroker.Fault;
import io.fanfare.testing.Await;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the checks against servers that do their duties wrongly: each check must notice one of them. */
class WrongBrokerIT {

    /** Short, as much of what is waited for never comes; a slow machine makes more checks fail, and none pass. */
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    /** A client's duties, or choices that the specification leaves: the probe shows the choice. */
    private static final Set<Integer> CHOICES = Set.of(34, 86, 107);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void everyCheckFailsOrIsLenientAgainstOneOfTheWrongBrokers() {
        Set<Integer> unnoticed = new TreeSet<>();
        Checks.ALL.forEach(check -> unnoticed.add(check.item()));
        // side by side: nearly all of the time goes by with waiting
        List<CompletableFuture<Map<Integer, Verdict>>> runs = Stream.of(Fault.values())
                .map(fault -> CompletableFuture.supplyAsync(() -> run(fault, "ws", Checks.ALL), threads))
                .toList();
        for (CompletableFuture<Map<Integer, Verdict>> each : runs) {
            each.join().forEach((item, verdict) -> {
                if (verdict == Verdict.FAIL || verdict == Verdict.LENIENT) {
                    unnoticed.remove(item);
                }
            });
        }
        unnoticed.removeAll(CHOICES);
        assertThat(unnoticed).as("items that no wrong broker fails").isEmpty();
    }

    @Test
    void brokerThatTakesEverythingFailsWhereItMustRefuse() {
        assertThatAllFail(
                Fault.AGREEABLE, "tcp", List.of(36, 42, 43, 44, 51, 53, 60, 64, 79, 85, 87, 101, 109, 116, 117));
    }

    @Test
    void brokerThatTakesWhatIsForbiddenToClientsAloneIsLenient() {
        List<Integer> clients = List.of(40, 65, 88, 91);

        Map<Integer, Verdict> verdicts = run(Fault.AGREEABLE, "tcp", only(clients));

        assertThat(verdicts.keySet()).containsAll(clients);
        assertThat(verdicts)
                .allSatisfy((item, verdict) ->
                        assertThat(verdict).as("item %s", item).isEqualTo(Verdict.LENIENT));
    }

    @Test
    void brokerThatGarblesFailsWhereBytesMustPassUnchanged() {
        assertThatAllFail(Fault.GARBLING, "tcp", List.of(37, 39, 44, 45, 48, 49, 50, 55, 57, 80, 82));
    }

    @Test
    void brokerWithWrongReceiptsFailsWhereReceiptsAreWaitedFor() {
        assertThatAllFail(Fault.MISNUMBERING, "tcp", List.of(31, 46, 57, 67, 69, 84, 93, 94, 114, 115, 120));
    }

    @Test
    void serverThatIgnoresTheHandshakeAndControlFramesFails() {
        assertThatAllFail(Fault.AGREEABLE, "ws", List.of(1, 2, 3, 5, 6, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 25));
    }

    private static void assertThatAllFail(Fault fault, String scheme, List<Integer> items) {
        Map<Integer, Verdict> verdicts = run(fault, scheme, only(items));

        assertThat(verdicts.keySet()).containsAll(items);
        assertThat(verdicts)
                .allSatisfy((item, verdict) ->
                        assertThat(verdict).as("item %s", item).isEqualTo(Verdict.FAIL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void brokerIsNotBlamedForWhatTheSpecificationsAllowOrLeaveOpen(String scheme) {
        List<Integer> choices = List.of(8, 23, 42, 43, 44, 78, 114, 121);

        Map<Integer, Verdict> verdicts = run(Fault.PECULIAR, scheme, only(choices), Await.DEADLINE);

        assertThat(verdicts.keySet()).containsAll(choices);
        assertThat(verdicts)
                .allSatisfy((item, verdict) ->
                        assertThat(verdict).as("item %s", item).isNotEqualTo(Verdict.FAIL));
        assertThat(verdicts)
                .containsEntry(114, Verdict.PASS)
                .containsEntry(121, Verdict.PASS)
                .containsEntry(43, Verdict.LENIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void oneFaultFailsOneItem(String scheme) {
        List<Integer> aboutDisconnect = List.of(23, 114, 120, 121);

        Map<Integer, Verdict> verdicts = run(Fault.PECULIAR, scheme, only(aboutDisconnect), Await.DEADLINE);

        verdicts.values().remove(Verdict.SKIPPED);
        assertThat(verdicts.entrySet().stream().filter(each -> each.getValue() != Verdict.PASS))
                .containsExactly(Map.entry(120, Verdict.FAIL));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void endOfEveryCheckIsBounded(Fault fault) {
        // the slowest check waits for a dozen answers
        long start = System.nanoTime();
        run(fault, "tcp", only(List.of(40, 77, 94)));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Await.DEADLINE);
    }

    private static List<Check> only(Collection<Integer> items) {
        return Checks.ALL.stream().filter(check -> items.contains(check.item())).toList();
    }

    private static Map<Integer, Verdict> run(Fault fault, String scheme, List<Check> checks) {
        return run(fault, scheme, checks, TIMEOUT);
    }

    private static Map<Integer, Verdict> run(Fault fault, String scheme, List<Check> checks, Duration timeout) {
        try (WrongBroker broker = WrongBroker.start(fault)) {
            URI url = URI.create(scheme + "://127.0.0.1:" + broker.port() + "/ws");
            Target target = new Target(url, Optional.empty(), "u", "p", "h", "/topic/", "/queue/", timeout);
            return CheckResults.run(target, "", checks, done -> {}).results().stream()
                    .collect(Collectors.toMap(each -> each.check().item(), CheckResults.Result::verdict));
        }
    }
}

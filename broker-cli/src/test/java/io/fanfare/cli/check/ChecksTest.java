package io.fanfare.cli.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.cli.output.Colours;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The list of checks, and how results are shown; without a socket. */
class ChecksTest {

    private static final Target TARGET = target("ws://127.0.0.1/ws");

    @Test
    void atLeastSixtyDutiesAreCheckedOnceEach() {
        List<Integer> items = Checks.ALL.stream().map(Check::item).toList();

        assertThat(items).hasSizeGreaterThanOrEqualTo(60).isSorted().doesNotHaveDuplicates();
        assertThat(items).allSatisfy(item -> assertThat(item).isBetween(1, 128));
    }

    @Test
    void rulesAndSourcesAreOneLine() {
        assertThat(Checks.ALL).allSatisfy(check -> {
            assertThat(check.rule()).isNotBlank().hasSizeLessThanOrEqualTo(90).doesNotContain("\n");
            assertThat(check.source()).isNotBlank();
        });
    }

    @Test
    void tableHasALineForEachItemAndTheSums() {
        assertThat(results().text(Colours.OFF).lines())
                .containsExactly(
                        "item  result   rule   source  instead",
                        "   1  pass     one    spec",
                        "   2  fail     two    spec    what came",
                        "  36  lenient  three  spec    softly",
                        "",
                        "Fake/1 at ws://127.0.0.1/ws: 1 pass, 1 fail, 1 lenient, 0 skipped");
        assertThat(results().isConforming()).isFalse();
    }

    @Test
    void verdictsAreColoured() {
        assertThat(results().text(Colours.ON))
                .contains("   1  \u001B[32mpass \u001B[0m", "   2  \u001B[31mfail \u001B[0m")
                .contains("  36  \u001B[33mlenient \u001B[0m");
    }

    @Test
    void jsonHasTheSumsAndTheItems() {
        assertThat(results().json())
                .startsWith("{\"url\":\"ws://127.0.0.1/ws\",\"server\":\"Fake/1\",\"pass\":1,\"fail\":1,\"lenient\":1,"
                        + "\"skipped\":0,\"items\":[{\"item\":1,\"rule\":\"one\",\"source\":\"spec\",\"result\":\"pass\","
                        + "\"instead\":\"\"},");
    }

    @Test
    void addressesHaveDefaultPorts() {
        assertThat(target("tcp://broker").port()).isEqualTo(61613);
        assertThat(target("tls://broker").isSecure()).isTrue();
        assertThat(target("wss://broker/ws").port()).isEqualTo(443);
        assertThatThrownBy(() -> target("http://broker/ws"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("check wants ws://HOST/PATH, wss://HOST/PATH, tcp://HOST:PORT or tls://HOST:PORT,"
                        + " not http://broker/ws");
    }

    private static CheckResults results() {
        return new CheckResults(
                TARGET,
                "Fake/1",
                List.of(
                        result(1, "one", Verdict.PASS, ""),
                        result(2, "two", Verdict.FAIL, "what came"),
                        result(36, "three", Verdict.LENIENT, "softly")));
    }

    private static CheckResults.Result result(int item, String rule, Verdict verdict, String note) {
        return new CheckResults.Result(Check.stomp(item, rule, "spec", trial -> {}), verdict, note);
    }

    private static Target target(String url) {
        return new Target(
                URI.create(url), Optional.empty(), null, null, "h", "/topic/", "/queue/", Duration.ofSeconds(1));
    }
}

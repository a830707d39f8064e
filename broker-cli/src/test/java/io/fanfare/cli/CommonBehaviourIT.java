package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors, exit codes and colours, which are the same for all commands. */
class CommonBehaviourIT {

    private static final String ESCAPE = "\u001B";

    @Test
    void unknownOptionIsASentenceWithTheNearestOneAndExitCodeTwo() {
        try (Fanfare mistake = Fanfare.run("serve", "--prot", "0")) {
            assertThat(mistake.exitCode()).isEqualTo(2);
            assertThat(mistake.err())
                    .containsExactly(
                            "fanfare: unknown option '--prot'; did you mean --port?", "Try: fanfare serve --help");
            assertThat(mistake.out()).isEmpty();
        }
    }

    @Test
    void unknownCommandIsASentenceWithTheNearestOneAndExitCodeTwo() {
        try (InProcess mistake = InProcess.run("srve")) {
            assertThat(mistake.exitCode()).isEqualTo(2);
            assertThat(mistake.err())
                    .containsExactly("fanfare: unknown command 'srve'; did you mean serve?", "Try: fanfare --help");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pub -d /topic/a -m hi", "sub -d /topic/a", "bench"})
    void addressWhereNothingListensIsExitCodeThree(String command) throws IOException {
        // a port that is taken, so that no other process gets it, and refuses all connections
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String url = "ws://127.0.0.1:" + bound.getLocalPort() + "/ws";
            InProcess failed = InProcess.run((command + " --url " + url).split(" "));
            assertThat(failed.exitCode()).isEqualTo(3);
            assertThat(failed.err())
                    .satisfiesExactly(
                            sentence ->
                                    assertThat(sentence).startsWith("fanfare: ").contains(url, "refused"),
                            remedy -> assertThat(remedy).startsWith("Try: fanfare "));
            assertThat(failed.out()).isEmpty();
        }
    }

    @Test
    void brokerThatNeverAnswersIsExitCodeFive() throws IOException {
        // connections wait in its backlog
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                InProcess pub = InProcess.run(
                        "pub", "-d", "/topic/a", "-m", "hi", "--url", "ws://127.0.0.1:" + silent.getLocalPort())) {
            assertThat(pub.exitCode()).isEqualTo(5);
            assertThat(pub.err())
                    .satisfiesExactly(
                            sentence -> assertThat(sentence).startsWith("fanfare: no answer from ws://127.0.0.1:"),
                            remedy -> assertThat(remedy).startsWith("Try: "));
        }
    }

    @Test
    void whatTheBrokerDoesNotAllowIsExitCodeFour(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("fanfare.yaml"), """
                permissions:
                  - {allow: subscribe, to: "/topic/#"}
                """);
        try (Fanfare serve = Fanfare.serve("-c", config.toString());
                Fanfare pub = Fanfare.run("pub", "-d", "/topic/a", "-m", "hi", "--url", serve.url())) {
            assertThat(pub.exitCode()).isEqualTo(4);
            assertThat(pub.err())
                    .satisfiesExactly(
                            sentence -> assertThat(sentence).contains("not allowed", "/topic/a"),
                            remedy -> assertThat(remedy).startsWith("Try: --login USER"));
        }
    }

    @Test
    void errorsAreColouredOnATerminal() {
        try (Fanfare mistake = onATerminal(Map.of("TERM", "xterm"))) {
            assertThat(mistake.exitCode()).isEqualTo(2);
            assertThat(mistake.out())
                    .containsExactly(
                            ESCAPE + "[31mfanfare:" + ESCAPE + "[0m unknown option '--nope'",
                            ESCAPE + "[1mTry:" + ESCAPE + "[0m fanfare --help");
        }
    }

    @Test
    void noColorTurnsColoursOffOnATerminal() {
        try (Fanfare mistake = onATerminal(Map.of("TERM", "xterm", "NO_COLOR", "1"))) {
            assertThat(mistake.exitCode()).isEqualTo(2);
            assertThat(mistake.out()).containsExactly("fanfare: unknown option '--nope'", "Try: fanfare --help");
        }
    }

    @Test
    void nothingIsColouredWithoutATerminal() {
        for (String command : List.of("--nope", "--help")) {
            try (Fanfare plain = Fanfare.run(Map.of("TERM", "xterm"), command)) {
                plain.exitCode();
                assertThat(plain.toString()).doesNotContain(ESCAPE);
            }
        }
    }

    /** An unknown option on a terminal of its own, which has both outputs. */
    private static Fanfare onATerminal(Map<String, String> environment) {
        Needs.script();
        return Fanfare.onATerminal(environment, "--nope");
    }
}

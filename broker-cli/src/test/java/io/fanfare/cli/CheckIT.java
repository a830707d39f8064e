package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.RunningCommand;
import io.fanfare.testing.SelfSigned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs check, from the jar and in this process, against serve: Fanfare does all that it asks of others. */
class CheckIT {

    /** As long as a starved machine may take; what passes does not wait for it. */
    private static final String PATIENCE = "--timeout=60s";

    @Test
    void fanfarePassesOverWebSocketAndTcp() throws IOException {
        try (Fanfare serve = Fanfare.serve("--stomp-port=0")) {
            Matcher ready = serve.printed("ready ws=(\\S+) tcp=(\\S+) .*");
            try (Fanfare webSocket = Fanfare.run("check", ready.group(1), "--json", PATIENCE);
                    InProcess tcp = InProcess.run("check", "tcp://" + ready.group(2), "--json", PATIENCE)) {
                passed(webSocket);
                passed(tcp);
            }
        }
    }

    private static void passed(RunningCommand check) throws IOException {
        int code = check.exitCode();
        JsonNode report = new ObjectMapper().readTree(check.out().get(0));
        List<String> others = new ArrayList<>();
        report.get("items").forEach(item -> {
            String result = item.get("result").asText();
            if (!result.equals("pass") && !item.get("instead").asText().matches("WebSocket only|needs .*")) {
                others.add(item.toString());
            }
        });
        assertThat(others).isEmpty();
        assertThat(code).isZero();
        assertThat(report.get("server").asText()).startsWith("fanfare/");
    }

    @Test
    void tableOfChosenItemsOverTls(@TempDir Path folder) {
        SelfSigned certificate = SelfSigned.ec(folder, "broker");
        try (Fanfare serve = Fanfare.serve(
                "--stomp-port=0",
                "--tls-cert=" + certificate.certificateFile(),
                "--tls-key=" + certificate.keyFile())) {
            Matcher ready = serve.printed("ready ws=(\\S+) tcp=(\\S+) .*");
            for (String url : List.of(ready.group(1), "tls://" + ready.group(2))) {
                try (InProcess check = InProcess.run("check", url, "--only=36,58", "--insecure", PATIENCE)) {
                    check.succeeds();
                    assertThat(check.out()).hasSize(5);
                    assertThat(check.out().get(0)).startsWith("item  result  rule ");
                    assertThat(check.out().get(1)).startsWith("  36  pass    with content-length, ");
                    assertThat(check.out().get(4)).endsWith(url + ": 2 pass, 0 fail, 0 lenient, 0 skipped");
                }
            }
            try (InProcess check = InProcess.run("check", ready.group(1), "--only=36")) {
                assertThat(check.exitCode()).isEqualTo(3);
                assertThat(check.err().get(0))
                        .endsWith(" failed: no authority that is trusted here has signed its certificate");
            }
        }
    }

    @Test
    void itemThatDoesNotExistIsExitCodeTwo() {
        try (InProcess check = InProcess.run("check", "ws://127.0.0.1:1/ws", "--only=36,1000")) {
            assertThat(check.exitCode()).isEqualTo(2);
            assertThat(check.err())
                    .containsExactly("fanfare: no check has the number 1000", "Try: fanfare check --help");
        }
    }

    @Test
    void brokerThatIsNotThereIsExitCodeThree() {
        try (InProcess check = InProcess.run("check", "tcp://127.0.0.1:1")) {
            assertThat(check.exitCode()).isEqualTo(3);
            assertThat(check.err().get(0)).startsWith("fanfare: no connection to tcp://127.0.0.1:1: ");
            assertThat(check.out()).isEmpty();
        }
    }
}

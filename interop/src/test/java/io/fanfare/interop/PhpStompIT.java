package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The Stomp extension of PHP (PECL), over TCP. */
class PhpStompIT extends DrivenContract {

    private static final Path SCRIPTS = Path.of("src/test/php");

    @Override
    Driver start() {
        return ProcessDriver.start(SCRIPTS, php("pecl.php"));
    }

    /** The extension gives a broker two seconds to take a connection and to answer, which a busy machine may need. */
    private static List<String> php(String... script) {
        List<String> command = new ArrayList<>(List.of(
                Needs.phpStomp().toString(),
                "-d",
                "stomp.default_connection_timeout_sec=30",
                "-d",
                "stomp.default_read_timeout_sec=30"));
        command.addAll(List.of(script));
        return command;
    }

    @Override
    int port(FanfareServer server) {
        return server.tcpPort();
    }

    /** Shows the session alone. */
    @Override
    boolean showsConnected() {
        return false;
    }

    /** It promises none, and a script is not there to send them. */
    @Override
    boolean hasHeartBeats() {
        return false;
    }

    /** It writes and reads headers as they are, in every version. */
    @Override
    String hardValue(String version) {
        return super.hardValue("1.0");
    }

    @Test
    void aScriptAsInTheManualConsumesAQueue() throws IOException, InterruptedException {
        try (FanfareServer server = FanfareServer.builder().port(0).start()) {
            Process script =
                    Launch.inTurn(new ProcessBuilder(php("work.php", Integer.toString(server.tcpPort()), "/queue/work"))
                            .directory(SCRIPTS.toFile())
                            .redirectErrorStream(true)::start);
            String printed = new String(script.getInputStream().readAllBytes(), UTF_8);

            assertThat(printed).isEqualTo("first second third");
            assertThat(script.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            // what it has not acknowledged goes to the next one
            Peer next = opened(newPeer());
            next.connect(server.tcpPort(), "1.0", 0);
            next.events().next(Event.Kind.CONNECTED);
            next.subscribe("s", "/queue/work", Map.of("ack", "client"));
            assertThat(next.events().message().text()).isEqualTo("second");
            assertThat(next.events().message().text()).isEqualTo("third");
        }
    }
}

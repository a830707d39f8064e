package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.nats.testing.NatsServers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped for a while, as where its machine sleeps. */
class FrozenIT {

    /** More than twice the interval of the client's heart-beats, and a second: the server's patience. */
    private static final Duration PAUSE = Duration.ofSeconds(4);

    @Test
    void heartBeatsThatCameWhileTheServerStoodStillHaveComeInTime() throws IOException, InterruptedException {
        try (Fanfare serve = Fanfare.serve("--stomp-port", "0");
                RawTcp client = serve.open()) {
            client.sends("CONNECT\naccept-version:1.2\nhost:test\nheart-beat:1000,0\n\n^@")
                    .gotStart("CONNECTED\n");
            signal(serve, "STOP");
            Await.throughout(PAUSE, "heart-beats are sent", () -> client.sends("\n") == client);
            signal(serve, "CONT");
            client.sends("SEND\ndestination:/topic/a\nreceipt:r1\n\n^@").gotStart("RECEIPT\nreceipt-id:r1\n");
        }
    }

    @Test
    void aNodeThatStoodStillKeepsItsNatsServerAndTheOtherNodes(@TempDir Path directory)
            throws IOException, InterruptedException {
        try (NatsServers nats = NatsServers.one(directory);
                Fanfare one = Fanfare.serve("--nats", nats.url(0), "--stomp-port", "0");
                Fanfare two = Fanfare.serve("--nats", nats.url(0), "--stomp-port", "0")) {
            one.complained(".* nats node=\\w{4} .* is there");
            try (StompSocket bob = StompSocket.over(one.open()).connects("1.2");
                    RawTcp alice = two.connect()) {
                bob.subscribes("id:0\ndestination:/topic/a");
                signal(one, "STOP");
                Await.throughout(PAUSE, "messages are sent", () -> sends(alice) == alice);
                signal(one, "CONT");
                bob.gotMessage("hi");
            }
            assertThat(one.err()).noneMatch(line -> line.contains("nats disconnected"));
        }
    }

    private static RawTcp sends(RawTcp client) {
        return client.sends("SEND\ndestination:/topic/a\n\nhi^@");
    }

    private static void signal(Fanfare serve, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(serve.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}

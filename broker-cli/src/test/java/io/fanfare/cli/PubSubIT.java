package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs pub and sub, each with its options, against one broker: from the jar where streams of the process matter. */
class PubSubIT {

    private static Fanfare serve;
    private static String url;

    @BeforeAll
    static void start() {
        serve = Fanfare.serve();
        url = serve.url();
    }

    @AfterAll
    static void stop() {
        serve.close();
    }

    // ---- pub --------------------------------------------------------------------------------------------------------

    @Test
    void urlAndDestinationMayBeArgumentsAndSeveralMessagesFollow() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/several")) {
            assertThat(pub("/topic/several", "one", "two", "-m", "zero")).isEmpty();
            assertThat(subscriber.take(3)).containsExactly("zero", "one", "two");
        }
    }

    @Test
    void countRepeatsEachMessage() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/count")) {
            assertThat(pub("/topic/count", "a", "b", "--count", "2", "--rate", "1000"))
                    .isEmpty();
            assertThat(subscriber.take(4)).containsExactly("a", "a", "b", "b");
        }
    }

    @Test
    void linesOfStandardInputAreMessages() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/lines");
                Fanfare pub = Fanfare.run("pub", url, "/topic/lines", "--lines")) {
            pub.types("first\n");
            // each line leaves when it has come
            assertThat(subscriber.take(1)).containsExactly("first");
            pub.types("\nthird").endsInput();

            pub.succeeds();
            assertThat(subscriber.take(2)).containsExactly("", "third");
        }
    }

    @Test
    void hyphenIsStandardInputAsAWhole() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/hyphen");
                Fanfare pub = Fanfare.run("pub", url, "/topic/hyphen", "-")) {
            pub.types("a\nb\n").endsInput();

            pub.succeeds();
            assertThat(subscriber.take(1)).containsExactly("a\nb\n");
        }
    }

    @Test
    void fileIsABodyOrALineEach(@TempDir Path folder) throws IOException, InterruptedException {
        String file = Files.writeString(folder.resolve("bodies"), "x\ny\n").toString();
        try (Subscriber subscriber = new Subscriber("/topic/file")) {
            pub("/topic/file", "--file", file);
            pub("/topic/file", "--lines", "--file", file);
            assertThat(subscriber.take(3)).containsExactly("x\ny\n", "x", "y");
        }
    }

    @Test
    void jsonIsCheckedBeforeItIsSent() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/json");
                InProcess pub = InProcess.run("pub", url, "/topic/json", "--json", "{\"a\":1}", "{a", "[]")) {
            assertThat(pub.exitCode()).isEqualTo(1);
            assertThat(pub.err().get(0)).startsWith("fanfare: message 2 is no JSON: line 1, column ");
            assertThat(pub.err().get(1)).startsWith("Try: ");
            assertThat(subscriber.take(1)).containsExactly("{\"a\":1}");
            assertThat(subscriber.contentType).isEqualTo("application/json");
        }
    }

    @Test
    void receiptReportsWhatTheBrokerDidWithTheMessages() throws InterruptedException {
        try (Subscriber subscriber = new Subscriber("/topic/receipt");
                Subscriber other = new Subscriber("/topic/receipt")) {
            assertThat(pub("/topic/receipt", "a", "b", "c", "--receipt"))
                    .containsExactly("sent 3: matched 6, delivered 6, queued 0, dropped 0");
            assertThat(subscriber.take(3)).isEqualTo(other.take(3));
        }
        assertThat(pub("/queue/receipt", "a", "--receipt", "-o", "json"))
                .containsExactly("{\"sent\":1,\"matched\":1,\"delivered\":0,\"queued\":1,\"dropped\":0}");
    }

    @Test
    void manyMessagesShowAProgressBarOnATerminalOnly() {
        Needs.script();
        try (Fanfare pub = Fanfare.onATerminal(
                Map.of("TERM", "xterm"), "pub", url, "/topic/bar", "x", "--count", "40", "--rate", "40")) {
            pub.succeeds();
            assertThat(pub.toString()).contains("pub ", "/40");
        }
        try (Fanfare pub = Fanfare.run("pub", url, "/topic/bar", "x", "--count", "40", "--rate", "40")) {
            pub.succeeds();
            assertThat(pub.out()).isEmpty();
            assertThat(pub.err()).isEmpty();
        }
    }

    /** Runs pub in this process, which must succeed without complaint, and returns what it printed. */
    private static List<String> pub(String destination, String... more) {
        List<String> command = new ArrayList<>(List.of("pub", url, destination));
        command.addAll(List.of(more));
        try (InProcess pub = InProcess.run(command.toArray(String[]::new))) {
            pub.succeeds();
            assertThat(pub.err()).isEmpty();
            return pub.out();
        }
    }

    // ---- sub --------------------------------------------------------------------------------------------------------

    @Test
    void subPrintsAsItsFormatSays() {
        try (InProcess sub =
                InProcess.run("sub", url, "/topic/f.*", "-n", "2", "--format", "{destination} {n}: {body}")) {
            sub.complained("subscribed to .*");
            send("/topic/f.a", Headers.of("n", "1"), "one");
            send("/topic/f.b", Headers.EMPTY, "two");

            sub.succeeds();
            assertThat(sub.out()).containsExactly("/topic/f.a 1: one", "/topic/f.b : two");
        }
    }

    @Test
    void subPrintsAJsonObjectALine() {
        List<String> printed = sub("/topic/j", () -> send("/topic/j", Headers.of("n", "1"), "two\nlines"), "--json");

        assertThat(printed)
                .singleElement()
                .asString()
                .startsWith("{\"destination\":\"/topic/j\",\"headers\":{")
                .contains("\"n\":\"1\"")
                .endsWith("},\"body\":\"two\\nlines\"}");
    }

    @Test
    void selectorAndOtherHeadersAreSubscribes() {
        Runnable messages = () -> {
            send("/topic/s", Headers.of("n", "1"), "left out");
            send("/topic/s", Headers.of("n", "2"), "chosen");
        };
        assertThat(sub(
                        "/topic/s",
                        messages,
                        "--selector",
                        "n > 1",
                        "-H",
                        "id:mine",
                        "--format",
                        "{subscription} {body}"))
                .containsExactly("mine chosen");
    }

    @Test
    void subAcknowledgesWhatItHasPrintedAndNoMore() {
        for (String body : List.of("1", "2", "3")) {
            send("/queue/acked", Headers.EMPTY, body);
        }
        try (InProcess sub = InProcess.run("sub", url, "/queue/acked", "--ack", "client-individual", "-n", "2")) {
            sub.succeeds();
            assertThat(sub.out()).containsExactly("1", "2");
        }
        try (InProcess rest =
                InProcess.run("sub", url, "/queue/acked", "-n", "1", "--format", "{body} {redelivered}")) {
            rest.succeeds();
            assertThat(rest.out()).containsExactly("3 true");
        }
    }

    /** Runs sub in this process for one message, and returns what it printed; the messages come when it has subscribed. */
    private static List<String> sub(String destination, Runnable messages, String... more) {
        List<String> command = new ArrayList<>(List.of("sub", url, destination, "-n", "1"));
        command.addAll(List.of(more));
        try (InProcess sub = InProcess.run(command.toArray(String[]::new))) {
            sub.complained("subscribed to .*");
            messages.run();
            sub.succeeds();
            return sub.out();
        }
    }

    @Test
    void waitThatIsTooShortIsExitCodeFive() {
        try (InProcess none = InProcess.run("sub", url, "/topic/silent", "--wait", "100ms")) {
            assertThat(none.exitCode()).isEqualTo(5);
            assertThat(none.err()).contains("fanfare: no message came within 100 ms", "Try: a longer --wait");
        }
        send("/queue/one", Headers.EMPTY, "one");
        try (InProcess one = InProcess.run("sub", url, "/queue/one", "-n", "2", "--wait", "5s")) {
            assertThat(one.exitCode()).isEqualTo(5);
            assertThat(one.out()).containsExactly("one");
            assertThat(one.err()).contains("fanfare: 1 of 2 messages came within 5 s");
        }
    }

    @Test
    void bodiesCannotTakeOverATerminal() {
        Needs.script();
        send("/queue/control", Headers.EMPTY, "a\u001B[2Jb");
        try (Fanfare sub = Fanfare.onATerminal(Map.of("TERM", "xterm"), "sub", url, "/queue/control", "-n", "1")) {
            sub.succeeds();
            assertThat(sub.out()).contains("a\\u001b[2Jb");
        }
    }

    @Test
    void subEndsWhenTheReaderOfItsOutputHasGone() {
        try (Fanfare sub = Fanfare.run("sub", url, "/topic/pipe")) {
            sub.complained("subscribed to .*");
            sub.closesOutput();
            // the first write may still go into the pipe's buffer
            Await.until("sub ends", () -> {
                send("/topic/pipe", Headers.EMPTY, "x");
                return !sub.isAlive();
            });
            sub.succeeds();
        }
    }

    private static void send(String destination, Headers headers, String body) {
        try (StompClient client = StompClient.connect(URI.create(url))) {
            client.send(destination, headers, body.getBytes(UTF_8)).join();
        }
    }

    /** A subscriber in this process, subscribed. */
    private static final class Subscriber implements AutoCloseable {

        private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        private final StompClient client = StompClient.connect(URI.create(url));
        private volatile String contentType = "";

        Subscriber(String destination) {
            client.subscribe(destination, message -> {
                        contentType = message.headers().find("content-type").orElse("");
                        bodies.add(message.bodyAsString());
                    })
                    .confirmed()
                    .join();
        }

        List<String> take(int count) throws InterruptedException {
            List<String> taken = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String body = bodies.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                assertThat(body).as("behind %s", taken).isNotNull();
                taken.add(body);
            }
            return taken;
        }

        @Override
        public void close() {
            client.close();
        }
    }
}

package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exchanges of frames that docs/protocol.md shows, with a real broker. */
class ProtocolPageIT {

    private static final Path PAGE = Path.of("..", "docs", "protocol.md");

    /** A frame's first line, with the client that sends it or gets it; or what happens to a client. */
    private static final Pattern BEGIN =
            Pattern.compile("(\\w+) *([<>]) (\\w+)|\\((\\w+)(?:'s connection is (lost)| connects again)\\)");

    private static final int INDENT = "alice > ".length();

    /** What differs from run to run: text of the page, and what it stands for. */
    private final Map<String, String> epochs = new HashMap<>();

    private final Map<String, Peer> peers = new HashMap<>();

    private record Exchange(String title, String text) {

        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Exchange> exchanges() throws IOException {
        String page = Files.readString(PAGE);
        String chapter = page.substring(page.indexOf("## Exchanges of frames"));
        chapter = chapter.substring(0, chapter.indexOf("\n## "));
        return Stream.of(chapter.split("\n### ")).skip(1).map(section -> {
            String[] parts = section.split("```\n");
            return new Exchange(parts[0].lines().findFirst().orElseThrow(), parts[1]);
        });
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void anExchangeOfThePageIsThatOfABroker(Exchange exchange) {
        BrokerOptions options = BrokerOptions.builder()
                .topics(t -> t.rules(List.of(
                                TopicRule.of("/topic/prices.#")
                                        .retainByKey("symbol")
                                        .history(1000),
                                TopicRule.of("/topic/room.#").withPresence()))
                        .mergePatch(new JsonMergePatch()))
                .build();
        try (FanfareServer server = FanfareServer.builder()
                .port(0)
                .tcpPort(0)
                .loops(1)
                .broker(options)
                .start()) {
            List<List<String>> steps = steps(exchange.text());
            assertThat(steps).as("frames").hasSizeGreaterThan(3);
            steps.forEach(step -> take(server, step));
            peers.values().forEach(Peer::gotNothingElse);
            peers.values().forEach(Peer::close);
        } finally {
            peers.values().forEach(Peer::close);
        }
    }

    @ParameterizedTest
    @MethodSource("exchanges")
    void everyLineOfAnExchangeBelongsToAStep(Exchange exchange) {
        assertThat(exchange.text().lines().filter(line -> !line.isEmpty() && !line.startsWith(" ")))
                .as("lines that begin a step")
                .allMatch(line -> BEGIN.matcher(line).matches());
    }

    /** Each with its lines. */
    private static List<List<String>> steps(String text) {
        List<List<String>> steps = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (BEGIN.matcher(line).matches()) {
                steps.add(new ArrayList<>());
            }
            steps.get(steps.size() - 1).add(line);
        }
        return steps;
    }

    private void take(FanfareServer server, List<String> lines) {
        Matcher begin = BEGIN.matcher(lines.get(0));
        assertThat(begin.matches()).isTrue();
        if (begin.group(4) != null) {
            Peer peer = peers.get(begin.group(4));
            if (begin.group(5) == null) {
                peers.put(begin.group(4), new Peer(server, begin.group(4)));
            } else {
                peer.close();
            }
            return;
        }
        Peer peer = peers.computeIfAbsent(begin.group(1), name -> new Peer(server, name));
        String frame = frame(begin.group(3), lines.subList(1, lines.size()));
        if (begin.group(2).equals(">")) {
            peer.sends(frame);
        } else {
            peer.got(frame);
        }
    }

    /** As a transcript. */
    private static String frame(String command, List<String> lines) {
        StringBuilder frame = new StringBuilder(command);
        lines.forEach(line -> frame.append('\n').append(line.isEmpty() ? "" : line.substring(INDENT)));
        String text = frame.toString().stripTrailing();
        return text + (text.contains("\n\n") ? "^@" : "\n\n^@");
    }

    /** One of the clients of an exchange. */
    private final class Peer {

        private final StompSocket socket;
        private final ArrayDeque<Received> early = new ArrayDeque<>();

        Peer(FanfareServer server, String name) {
            socket = StompSocket.over(RawTcp.connect(server.tcpPort()));
            socket.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + name + "\n\n^@");
            assertThat(socket.next().command()).isEqualTo("CONNECTED");
        }

        void sends(String frame) {
            String real = frame;
            for (Map.Entry<String, String> each : epochs.entrySet()) {
                real = real.replace("from:" + each.getKey() + "/", "from:" + each.getValue() + "/");
            }
            socket.sends(real);
            if (!frame.contains("\nreceipt:")) {
                awaitItsEffect();
            }
        }

        /** Other clients' frames come behind it. */
        private void awaitItsEffect() {
            socket.sends("BEGIN\ntransaction:b\n\n^@ABORT\ntransaction:b\nreceipt:barrier\n\n^@");
            for (Received next = socket.next(); !"barrier".equals(next.find("receipt-id")); next = socket.next()) {
                early.add(next);
            }
        }

        void got(String frame) {
            Received received = withoutSender(early.isEmpty() ? socket.next() : early.remove());
            Received shown = Received.of(frame);
            String epoch = shown.find("epoch");
            String expected = frame.replaceAll("\"session\":\"[^\"]*\"", "\"session\":\"*\"")
                    .replaceAll("\"since\":\\d+", "\"since\":*");
            if (epoch != null) {
                epochs.putIfAbsent(epoch, received.header("epoch"));
                expected = expected.replace("\nepoch:" + epoch + "\n", "\nepoch:" + epochs.get(epoch) + "\n");
            }
            assertThat(received.matches(Received.of(expected)))
                    .as("the page has %s%nand the broker sent %s", shown, received)
                    .isTrue();
        }

        /** The page says that it leaves this out. */
        private static Received withoutSender(Received frame) {
            List<String> headers = frame.headers().stream()
                    .filter(line -> !line.startsWith("user-id:"))
                    .toList();
            return new Received(frame.command(), headers, frame.body());
        }

        void gotNothingElse() {
            assertThat(early).isEmpty();
            socket.gotNothing();
        }

        void close() {
            socket.close();
        }
    }
}

package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.compression.Compression;
import io.fanfare.loop.Framing;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.Page;
import io.fanfare.status.Selection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Wire;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MESSAGEs to clients that have agreed on permessage-deflate: compressed once, and the same as without. */
class CompressionTest extends BrokerTest {

    private static final Compression FULL = new Compression(15, 256);
    private static final Compression WINDOW_OF_4_KIB = new Compression(12, 256);

    /** JSON that gets smaller, of so many octets. */
    private static String json(int octets) {
        Random random = new Random(octets);
        StringBuilder text = new StringBuilder("[");
        while (text.length() < octets) {
            text.append("{\"symbol\":\"AAPL\",\"price\":")
                    .append(100 + random.nextInt(900))
                    .append("},");
        }
        return text.substring(0, octets);
    }

    /** Octets of 64 kinds, in no order. */
    private static String noise(int octets, Random random) {
        StringBuilder text = new StringBuilder(octets);
        for (int i = 0; i < octets; i++) {
            text.append("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-".charAt(random.nextInt(64)));
        }
        return text.toString();
    }

    private Client subscriber(Compression compression, String id, HandLoop itsLoop) {
        return subscriber("1.2", Framing.WEBSOCKET_TEXT, compression, id, itsLoop);
    }

    private Client subscriber(String version, Framing framing, Compression compression, String id, HandLoop itsLoop) {
        Client client = connect(version, framing, compression, itsLoop);
        client.sends("SUBSCRIBE\nid:" + id + "\ndestination:/topic/a\n\n^@");
        return client;
    }

    private static String send(String body) {
        return "SEND\ndestination:/topic/a\n\n" + body + "^@";
    }

    private List<Wire.WebSocketMessage> messages(Client client) {
        List<Wire.WebSocketMessage> all =
                Wire.messages(client.connection().taken(), client.connection().framing());
        // the first is CONNECTED
        return all.subList(1, all.size());
    }

    private long compressions() {
        return broker.statistics(0).compression().messages();
    }

    // ---- once for all -----------------------------------------------------------------------------------------------

    @Test
    void aMessageIsCompressedOnceForAHundredSubscribers() {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(subscriber(FULL, "sub-0", loop));
        }
        connect().sends(send(json(1000)));

        assertThat(compressions()).isEqualTo(1);
        for (Client each : all) {
            assertThat(each.takeBodies()).containsExactly(json(1000));
        }
    }

    @Test
    void aMessageIsCompressedOnceForSubscriptionsWithDifferentIds() {
        List<Client> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(subscriber(FULL, "price é " + i, loop));
        }
        connect().sends(send(json(1000)));

        assertThat(compressions()).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            Received message = all.get(i).takeAll().get(0);
            assertThat(message.header("subscription")).isEqualTo("price é " + i);
            assertThat(message.text()).isEqualTo(json(1000));
        }
    }

    @Test
    void textAndBinaryMessagesShareWhatIsCompressed() {
        Client text = subscriber("1.2", Framing.WEBSOCKET_TEXT, FULL, "0", loop);
        Client binary = subscriber("1.2", Framing.WEBSOCKET_BINARY, FULL, "1", loop);
        connect().sends(send(json(1000)));

        assertThat(compressions()).isEqualTo(1);
        assertThat(messages(text)).singleElement().matches(message -> message.compressed() && message.text());
        assertThat(messages(binary)).singleElement().matches(message -> message.compressed() && !message.text());
    }

    @Test
    void everyMessageOfATurnIsCompressedOnce() {
        Client first = subscriber(FULL, "0", loop);
        Client second = subscriber(FULL, "1", loop);
        StringBuilder sends = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            sends.append(send(i + json(1000)));
        }
        connect().sends(sends.toString());

        assertThat(compressions()).isEqualTo(50);
        assertThat(first.takeBodies()).hasSize(50).isEqualTo(second.takeBodies());
    }

    @Test
    void equalBodiesOfDifferentMessagesAreDifferentMessages() {
        Client alice = subscriber(FULL, "0", loop);
        connect().sends(send(json(1000)) + send(json(1000)));

        assertThat(alice.takeAll().stream().map(message -> message.header("message-id")))
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(compressions()).isEqualTo(2);
    }

    @Test
    void subscribersWithoutCompressionGetTheSameAsItIs() {
        Client compressed = subscriber(FULL, "0", loop);
        Client plain = subscriber(Compression.NONE, "0", loop);
        connect().sends(send(json(1000)));

        assertThat(messages(plain)).singleElement().matches(message -> !message.compressed());
        assertThat(messages(compressed)).singleElement().matches(Wire.WebSocketMessage::compressed);
        assertThat(messages(compressed).get(0).payload())
                .isEqualTo(messages(plain).get(0).payload());
        assertThat(compressed.connection().taken().length)
                .isLessThan(plain.connection().taken().length);
    }

    @Test
    void eachVersionGetsItsOwnHeaders() {
        Client old = subscriber("1.0", Framing.WEBSOCKET_TEXT, FULL, "0", loop);
        Client today = subscriber("1.2", Framing.WEBSOCKET_TEXT, FULL, "0", loop);
        connect().sends("SEND\ndestination:/topic/a\nnote:a\\cb\n\n" + json(1000) + "^@");

        assertThat(compressions()).isEqualTo(2);
        assertThat(new String(messages(old).get(0).payload(), UTF_8)).contains("\nnote:a:b\n");
        assertThat(new String(messages(today).get(0).payload(), UTF_8)).contains("\nnote:a\\cb\n");
    }

    @Test
    void eachLoopCompressesForItself() {
        Client here = subscriber(FULL, "0", loop);
        Client there = subscriber(FULL, "0", otherLoop);
        connect().sends(send(json(1000)));

        assertThat(compressions()).isEqualTo(2);
        assertThat(here.takeBodies()).isEqualTo(there.takeBodies()).containsExactly(json(1000));
    }

    @Test
    void queuesRetainedValuesAndPatchesAreCompressedToo() {
        Client worker = connect("1.2", Framing.WEBSOCKET_TEXT, FULL, loop);
        worker.sends("SUBSCRIBE\nid:q\ndestination:/queue/q\nack:client-individual\n\n^@");
        Client publisher = connect();
        publisher.sends("SEND\ndestination:/queue/q\n\n" + json(1000) + "^@");
        publisher.sends("SEND\ndestination:/topic/kept\nretain:true\n\n" + json(2000) + "^@");
        worker.sends("SUBSCRIBE\nid:t\ndestination:/topic/kept\n\n^@");

        assertThat(messages(worker)).hasSize(2).allMatch(Wire.WebSocketMessage::compressed);
        assertThat(worker.takeBodies()).containsExactly(json(1000), json(2000));
    }

    @Test
    void whatIsRememberedInATurnHasABound() {
        Client first = subscriber(FULL, "0", loop);
        Client second = subscriber(FULL, "1", loop);
        Random random = new Random(7);
        StringBuilder sends = new StringBuilder();
        int count = 40;
        for (int i = 0; i < count; i++) {
            sends.append(send(noise(60_000, random)));
        }
        connect().sends(sends.toString());

        // 40 of 45 KB are more than a turn remembers: what went beyond it was compressed for each audience
        assertThat(compressions()).isBetween((long) count + 1, 2L * count - 1);
        List<String> bodies = first.takeBodies();
        assertThat(bodies).hasSize(count);
        assertThat(bodies.equals(second.takeBodies())).isTrue();
    }

    // ---- sizes ------------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} B")
    @ValueSource(ints = {0, 1, 125, 126, 255, 256, 4095, 4096, 16_383, 16_384, 65_535, 65_536, 1 << 20})
    void bodiesOfAllSizesArriveAsTheyWere(int size) {
        List<Client> all = List.of(
                subscriber(FULL, "0", loop),
                subscriber(FULL, "x".repeat(255), loop),
                subscriber(WINDOW_OF_4_KIB, "0", loop),
                subscriber(Compression.NONE, "0", loop));
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (byte[] body : List.of(json(size).getBytes(UTF_8), octets)) {
            frames.writeBytes(("SEND\ndestination:/topic/a\ncontent-length:" + size + "\n\n").getBytes(UTF_8));
            frames.writeBytes(body);
            frames.write(0);
        }
        connect().sends(frames.toByteArray());

        for (Client each : all) {
            List<Received> got = each.takeAll();
            assertThat(got).hasSize(2);
            assertThat(new String(got.get(0).body(), UTF_8).equals(json(size))).isTrue();
            assertThat(Arrays.equals(got.get(1).body(), octets)).isTrue();
        }
    }

    @ParameterizedTest(name = "minimum {0}")
    @ValueSource(ints = {256, 1000})
    void messagesFromTheMinimumOnAreCompressed(int minimum) {
        Client alice = subscriber(new Compression(15, minimum), "0", loop);
        Client publisher = connect();
        publisher.sends(send("x"));
        int overhead = messages(alice).get(0).payload().length - 1;
        // content-length has two digits more
        int least = minimum - overhead - 2;
        assertThat(least).isBetween(100, 999);
        publisher.sends(send("x".repeat(least - 1)), send("x".repeat(least)));

        assertThat(messages(alice).stream().map(message -> message.payload().length))
                .containsExactly(overhead + 1, minimum - 1, minimum);
        assertThat(messages(alice).stream().map(Wire.WebSocketMessage::compressed))
                .containsExactly(false, false, true);
    }

    @Test
    void messagesThatWouldGetNoSmallerAreSentAsTheyAre() {
        Client alice = subscriber(FULL, "0", loop);
        Client bob = subscriber(FULL, "1", loop);
        byte[] octets = new byte[5000];
        new Random(5).nextBytes(octets);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes("SEND\ndestination:/topic/a\ncontent-length:5000\n\n".getBytes(UTF_8));
        frame.writeBytes(octets);
        frame.write(0);
        connect().sends(frame.toByteArray());

        assertThat(messages(alice)).singleElement().matches(message -> !message.compressed());
        assertThat(messages(bob)).singleElement().matches(message -> !message.compressed());
        assertThat(compressions()).as("tried once for both").isEqualTo(1);
        assertThat(broker.statistics(0).compression().bytesAfter())
                .isEqualTo(broker.statistics(0).compression().bytesBefore());
    }

    // ---- the window -------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "repeated after {0} B, a window of {1} bits")
    @CsvSource({"3000, 15, true", "1500, 12, true", "20000, 15, true", "5000, 12, false"})
    void noReferenceGoesBackBeyondTheWindow(int distance, int windowBits, boolean isFound) {
        Client alice = subscriber(new Compression(windowBits, 256), "0", loop);
        String part = noise(distance, new Random(distance));
        connect().sends(send(part) + send(part + part));

        assertThat(alice.takeBodies().equals(List.of(part, part + part))).isTrue();
        // six bits an octet; what is found again costs little
        double once = distance * 6.0 / 8;
        assertThat(alice.connection().taken().length < 2.6 * once).isEqualTo(isFound);
    }

    @Test
    void aWindowOfItsOwnIsAnEncodingOfItsOwn() {
        subscriber(FULL, "0", loop);
        subscriber(WINDOW_OF_4_KIB, "0", loop);
        subscriber(WINDOW_OF_4_KIB, "1", loop);
        connect().sends(send(json(10_000)));

        assertThat(compressions()).isEqualTo(2);
    }

    // ---- what else is sent ------------------------------------------------------------------------------------------

    @Test
    void answersAndHeartBeatsAreSentAsTheyAre() {
        Client alice = connect("1.2", Framing.WEBSOCKET_TEXT, new Compression(15, 1), loop);
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@");
        alice.sends("ACK\nid:" + "x".repeat(500) + "\n\n^@");

        assertThat(messages(alice)).hasSize(2).noneMatch(Wire.WebSocketMessage::compressed);
    }

    @Test
    void operatorsSeeWhichConnectionsAreCompressed() {
        connect("1.2", Framing.WEBSOCKET_TEXT, FULL, loop);
        connect();
        CompletableFuture<Page<ConnectionStatus>> asked = broker.inspection()
                .connections(new Selection<>(each -> true, Comparator.comparing(ConnectionStatus::id), 0, 10))
                .toCompletableFuture();
        settle();

        assertThat(asked.join().items().stream().map(ConnectionStatus::compressed))
                .containsExactlyInAnyOrder(true, false);
    }
}

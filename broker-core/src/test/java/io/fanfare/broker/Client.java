package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fanfare.frame.CloseCode;
import io.fanfare.session.Session;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Wire;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** One client of the broker under test: says what it sends, and checks what it gets, as transcripts. */
final class Client {

    private final BrokerTest test;
    private final String name;
    private final HandLoop loop;
    private final FakeConnection connection;

    /** How many of the things received the test has looked at. */
    private int looked;

    Client(BrokerTest test, String name, HandLoop loop, FakeConnection connection) {
        this.test = test;
        this.name = name;
        this.loop = loop;
        this.connection = connection;
    }

    FakeConnection connection() {
        return connection;
    }

    HandLoop loop() {
        return loop;
    }

    Session session() {
        return connection.session();
    }

    // ---- out ------------------------------------------------------------------------------------------------------

    /** Sends, and lets all loops work until nothing is left to do. */
    void sends(String... frames) {
        for (String frame : frames) {
            feeds(frame);
        }
        test.settle();
    }

    /** As {@link #sends(String...)}, for frames that are not text. */
    void sends(byte[] bytes) {
        feeds(bytes);
        test.settle();
    }

    /** The session reads this; no loop takes a turn yet. */
    void feeds(String frames) {
        feeds(Transcript.bytes(frames));
    }

    void feeds(byte[] bytes) {
        test.note(name + " sends " + text(bytes));
        if (connection.isLost()) {
            return;
        }
        // as from a read buffer: not at its start, and overwritten by the next read
        byte[] buffer = new byte[bytes.length + 7];
        Arrays.fill(buffer, (byte) 'x');
        System.arraycopy(bytes, 0, buffer, 3, bytes.length);
        loop.run(() -> {
            session().received();
            session().receive(ByteBuffer.wrap(buffer, 3, bytes.length).slice());
        });
        Arrays.fill(buffer, (byte) 'y');
    }

    /** The network loses the connection. */
    void isLost() {
        test.note(name + " is lost");
        loop.run(connection::abort);
        test.settle();
    }

    /** The socket has room for so many bytes more, and says so if it was asked to. */
    void hasRoom(long bytes) {
        connection.room(bytes);
        if (connection.awaitsRoom() && bytes > 0) {
            loop.run(connection::tellRoom);
        }
        test.settle();
    }

    /** The client reads no more; not a byte goes into the socket. */
    void stopsReading() {
        connection.room(0);
    }

    void reads() {
        hasRoom(Long.MAX_VALUE);
    }

    // ---- in -------------------------------------------------------------------------------------------------------

    /** The next frame is this one; {@code *} stands for any text. */
    Received got(String expected) {
        Received wanted = Received.of(expected);
        Received received = next("expected " + wanted);
        if (!received.matches(wanted)) {
            throw failure("expected " + wanted + "\nbut got  " + received);
        }
        return received;
    }

    /** The next frames are these, in this order. */
    void got(String first, String second, String... more) {
        got(first);
        got(second);
        for (String expected : more) {
            got(expected);
        }
    }

    void gotHeartBeat() {
        Received received = next("expected a heart-beat");
        if (!received.isHeartBeat()) {
            throw failure("expected a heart-beat but got " + received);
        }
    }

    /** Nothing came but what the test has looked at. */
    void gotNothing() {
        List<Received> all = received();
        if (all.size() > looked) {
            throw failure("expected nothing more but got " + all.get(looked));
        }
    }

    /** The next frame is an ERROR with this message, in a body with all these texts, and the connection ends so. */
    Received gotError(CloseCode code, String message, String... inBody) {
        Received error = next("expected ERROR " + message);
        if (!error.command().equals("ERROR") || !message.equals(error.find("message"))) {
            throw failure("expected ERROR message:" + message + " but got " + error);
        }
        for (String part : inBody) {
            assertThat(error.text()).as("%s", test.transcript()).contains(part);
        }
        gotNothing();
        wasClosed(code);
        return error;
    }

    /** The next and last frame is an ERROR that tells the reason of the close which follows. */
    void wasDismissed(CloseCode code) {
        Received error = next("expected an ERROR");
        assertThat(error.command()).as("%s", test.transcript()).isEqualTo("ERROR");
        assertThat(error.header("message"))
                .as("%s", test.transcript())
                .isNotEmpty()
                .isEqualTo(error.text())
                .isEqualTo(connection.closeReason());
        gotNothing();
        wasClosed(code);
    }

    /** The broker has closed the connection, so. */
    void wasClosed(CloseCode code) {
        assertThat(connection.closeCode()).as("%s", test.transcript()).isEqualTo(code);
        assertThat(connection.isAborted()).as("cut, %s", test.transcript()).isFalse();
        assertThat(connection.isLost()).as("over, %s", test.transcript()).isTrue();
    }

    void isOpen() {
        assertThat(connection.closeCode()).as("%s", test.transcript()).isNull();
        assertThat(connection.isAborted()).as("cut, %s", test.transcript()).isFalse();
    }

    /** Everything received that the test has not looked at, looked at now. */
    List<Received> takeAll() {
        List<Received> all = received();
        List<Received> fresh = List.copyOf(all.subList(looked, all.size()));
        looked = all.size();
        return fresh;
    }

    /** The bodies of everything received that the test has not looked at. */
    List<String> takeBodies() {
        return takeAll().stream().map(Received::text).toList();
    }

    Received next(String otherwise) {
        List<Received> all = received();
        if (all.size() == looked) {
            throw failure(otherwise + "\nbut got nothing");
        }
        return all.get(looked++);
    }

    private List<Received> received() {
        return Wire.read(connection.taken(), connection.framing());
    }

    private AssertionError failure(String what) {
        StringBuilder rest = new StringBuilder();
        takeAll().forEach(each -> rest.append("\n").append(each));
        return fail(name + ": " + what + "\n--- transcript\n" + test.transcript() + "--- then " + name + " got" + rest);
    }

    private static String text(byte[] bytes) {
        String text = new String(bytes, UTF_8).replace("\0", "^@");
        return text.length() > 300 ? text.substring(0, 300) + "... " + bytes.length + " B" : text;
    }

    @Override
    public String toString() {
        return name;
    }
}

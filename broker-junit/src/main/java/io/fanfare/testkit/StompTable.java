package io.fanfare.testkit;

import io.fanfare.testkit.wire.StompFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Golden transcripts: what clients say and get, frame by frame, as STOMP's specification writes it.
 *
 * <pre>{@code
 * var table = broker.stompTable();
 * var alice = table.client("alice");
 * var bob = table.client("bob");
 * bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
 * alice.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@");
 * bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
 * alice.got("RECEIPT\nreceipt-id:1\n\n^@");
 * table.gotNothingElse();
 * }</pre>
 *
 * <p>{@code *} stands for any text, and of the headers that a line of the table does not have, those that differ from run to
 * run do not matter ({@link StompFrame#matches}). After {@code sends}, the table waits until the broker has done it, so that
 * lines of several clients take effect in the order in which they are written. Not thread-safe.
 */
public final class StompTable {

    private final Function<String, TestConnection> connect;
    private final List<TestConnection> clients = new ArrayList<>();

    StompTable(Function<String, TestConnection> connect) {
        this.connect = connect;
    }

    /** A client at the table. Not thread-safe. */
    public static final class Client {

        private final TestConnection connection;

        private Client(TestConnection connection) {
            this.connection = connection;
        }

        /** Sends frames, and returns when the broker has done them, or has ended the connection. */
        public Client sends(String transcript) {
            connection.sends(transcript);
            connection.settle();
            return this;
        }

        /**
         * The next frame is this one.
         *
         * @throws AssertionError when it is another, or none comes in time
         */
        public Client got(String transcript) {
            connection.got(transcript);
            return this;
        }

        /** Nothing has come that the table has not looked at. */
        public Client gotNothing() {
            connection.gotNothing();
            return this;
        }

        /** The connection itself. */
        public TestConnection connection() {
            return connection;
        }
    }

    /** Seats a client: a user of {@link BrokerSetup#user}, or, where there are none, any name. */
    public Client client(String login) {
        TestConnection connection = connect.apply(login);
        clients.add(connection);
        return new Client(connection);
    }

    /**
     * No client has got anything that the table has not looked at.
     *
     * @throws AssertionError when one has
     */
    public void gotNothingElse() {
        clients.stream().filter(TestConnection::isOpen).forEach(TestConnection::gotNothing);
    }
}

package io.fanfare.testkit;

import io.fanfare.server.FanfareServer;
import io.fanfare.testkit.wire.Transport;
import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * All that tests ask of a broker, for what wraps a {@link TestBroker}, such as an extension of a test framework: it names its
 * broker, and has the methods. Each does what the method of {@link TestBroker} of the same name does.
 */
public interface BrokerKit {

    /** The broker that is meant. */
    TestBroker testBroker();

    /** See {@link TestBroker#webSocketUri}. */
    default URI webSocketUri() {
        return testBroker().webSocketUri();
    }

    /** See {@link TestBroker#sslContext}. */
    default SSLContext sslContext() {
        return testBroker().sslContext();
    }

    /** See {@link TestBroker#tcpPort}. */
    default int tcpPort() {
        return testBroker().tcpPort();
    }

    /** See {@link TestBroker#adminUri}. */
    default URI adminUri() {
        return testBroker().adminUri();
    }

    /** See {@link TestBroker#server}. */
    default FanfareServer server() {
        return testBroker().server();
    }

    /** See {@link TestBroker#clock}. */
    default TestClock clock() {
        return testBroker().clock();
    }

    /** See {@link TestBroker#faults}. */
    default Faults faults() {
        return testBroker().faults();
    }

    /** See {@link TestBroker#transcript}. */
    default String transcript() {
        return testBroker().transcript();
    }

    /** See {@link TestBroker#connect()}. */
    default TestConnection connect() {
        return testBroker().connect();
    }

    /** See {@link TestBroker#connect(String)}. */
    default TestConnection connect(String login) {
        return testBroker().connect(login);
    }

    /** See {@link TestBroker#connect(ConnectOptions)}. */
    default TestConnection connect(ConnectOptions options) {
        return testBroker().connect(options);
    }

    /** See {@link TestBroker#open}. */
    default TestConnection open(Transport transport) {
        return testBroker().open(transport);
    }

    /** See {@link TestBroker#stompTable}. */
    default StompTable stompTable() {
        return testBroker().stompTable();
    }

    /** See {@link TestBroker#publish}. */
    default void publish(String destination, String body) {
        testBroker().publish(destination, body);
    }

    /** See {@link TestBroker#expect}. */
    default Expectation expect(String destination) {
        return testBroker().expect(destination);
    }

    /** See {@link TestBroker#expectNone}. */
    default NoneExpectation expectNone(String destination) {
        return testBroker().expectNone(destination);
    }

    /** See {@link TestBroker#messages}. */
    default List<PublishedMessage> messages(String destination) {
        return testBroker().messages(destination);
    }

    /** See {@link TestBroker#queue}. */
    default TestQueue queue(String destination) {
        return testBroker().queue(destination);
    }

    /** See {@link TestBroker#awaitSubscribers}. */
    default void awaitSubscribers(String destination, int count) {
        testBroker().awaitSubscribers(destination, count);
    }

    /** See {@link TestBroker#awaitConnections}. */
    default void awaitConnections(int count) {
        testBroker().awaitConnections(count);
    }

    /** See {@link TestBroker#clear}. */
    default void clear() {
        testBroker().clear();
    }
}

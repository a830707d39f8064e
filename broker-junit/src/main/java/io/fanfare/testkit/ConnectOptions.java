package io.fanfare.testkit;

import io.fanfare.testkit.wire.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * Options of a {@link TestConnection} that is opened: {@code ConnectOptions.as("alice").over(Transport.TCP)}.
 *
 * @param login empty: none
 * @param passcode empty: the one of the user that {@link BrokerSetup#user} has set up, or none
 * @param transport what it speaks STOMP over
 * @param acceptVersion of CONNECT
 * @param headers further headers of CONNECT, names and values in turn
 */
public record ConnectOptions(
        String login, String passcode, Transport transport, String acceptVersion, List<String> headers) {

    /** An anonymous client that speaks STOMP 1.2 over a WebSocket and asks for no heart-beats. */
    public static final ConnectOptions DEFAULT = new ConnectOptions("", "", Transport.WEBSOCKET, "1.2", List.of());

    public ConnectOptions {
        headers = List.copyOf(headers);
    }

    /** A user. */
    public static ConnectOptions as(String login) {
        return new ConnectOptions(login, "", Transport.WEBSOCKET, "1.2", List.of());
    }

    /** The same with another passcode. */
    public ConnectOptions passcode(String text) {
        return new ConnectOptions(login, text, transport, acceptVersion, headers);
    }

    /** The same over another transport. */
    public ConnectOptions over(Transport other) {
        return new ConnectOptions(login, passcode, other, acceptVersion, headers);
    }

    /** The same with other versions, such as {@code 1.0,1.1}. */
    public ConnectOptions acceptVersion(String versions) {
        return new ConnectOptions(login, passcode, transport, versions, headers);
    }

    /** The same with one more header, such as {@code heart-beat} or {@code client-id}. */
    public ConnectOptions header(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new ConnectOptions(login, passcode, transport, acceptVersion, more);
    }
}

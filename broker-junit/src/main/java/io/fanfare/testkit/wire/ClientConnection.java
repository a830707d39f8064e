package io.fanfare.testkit.wire;

import java.util.Set;

/** A connection to the broker, by whichever client, for choosing those that a fault is about. */
public interface ClientConnection {

    /** The {@code login} of its CONNECT; empty: none, or it has not come yet. */
    String login();

    /** The id of its session; empty before CONNECTED. */
    String session();

    Transport transport();

    /** The destinations that it has subscribed to and not unsubscribed from, as its SUBSCRIBEs said them. */
    Set<String> subscriptions();

    /** Whether a SUBSCRIBE of it named this destination. */
    default boolean isSubscribedTo(String destination) {
        return subscriptions().contains(destination);
    }
}

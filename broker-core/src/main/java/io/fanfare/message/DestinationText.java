package io.fanfare.message;

import io.fanfare.security.Authorizer;

/** Writes destinations as their clients write them, without aliases. */
public final class DestinationText {

    /** What the name of a dead-letter queue has in front of the name of the queue that its messages come from. */
    public static final String DEAD_LETTERS = "DLQ.";

    private DestinationText() {}

    /** What an {@link Authorizer} is asked about; temporary destinations are not asked about. */
    public static String forAuthorizer(Destination destination, Authorizer.Action action) {
        if (destination.owner() instanceof Destination.User user) {
            // SUBSCRIBE names one's own, SEND another user's
            String owner = action == Authorizer.Action.SUBSCRIBE ? "" : UserNames.encode(user.name()) + "/";
            return DestinationParser.USER + owner + destination.name();
        }
        if (destination.isPresence()) {
            // the question is about the topic
            return DestinationParser.TOPIC + destination.name();
        }
        return of(destination);
    }

    /** By which a SEND of any client reaches it. */
    public static String address(Destination destination) {
        if (destination.owner() instanceof Destination.Connection connection) {
            boolean isQueue = destination.kind() == Destination.Kind.QUEUE;
            return (isQueue ? DestinationParser.TEMP_QUEUE : DestinationParser.TEMP_TOPIC) + "/" + connection.session()
                    + "/" + destination.name();
        }
        return destination.isPresence() ? of(destination) : forAuthorizer(destination, Authorizer.Action.SEND);
    }

    /** Such as {@code /queue/orders}. */
    public static String of(Destination destination) {
        boolean isQueue = destination.kind() == Destination.Kind.QUEUE;
        if (destination.owner() instanceof Destination.Connection) {
            return (isQueue ? DestinationParser.TEMP_QUEUE : DestinationParser.TEMP_TOPIC) + destination.name();
        }
        if (destination.owner() instanceof Destination.User) {
            return DestinationParser.USER + destination.name();
        }
        if (destination.isStatistics()) {
            return DestinationParser.STATISTICS + destination.name();
        }
        if (destination.isPresence()) {
            return DestinationParser.PRESENCE + destination.name();
        }
        return (isQueue ? DestinationParser.QUEUE : DestinationParser.TOPIC) + destination.name();
    }
}

package io.fanfare.broker;

/**
 * Decides what a principal may do. Supplied by whoever embeds the broker; {@code io.fanfare.security} has rules ready-made.
 * Called by event loops, several at once, for every new destination: it must be quick and must not block.
 */
@FunctionalInterface
public interface Authorizer {

    /** Everybody may do everything. */
    Authorizer ALL = (principal, action, destination) -> true;

    /** What somebody wants to do. */
    enum Action {
        SEND,
        SUBSCRIBE
    }

    /**
     * Whether somebody may do something.
     *
     * @param destination one destination as its clients write it, without aliases, such as {@code /topic/prices.acme}; for
     *     SUBSCRIBE also a pattern, all of which must be allowed, such as {@code /topic/prices.#}
     */
    boolean allows(Principal principal, Action action, String destination);
}

package io.fanfare.backplane;

/**
 * Identity of a durable subscription.
 *
 * @param user another user can neither take it over nor end it, whatever client-id its client comes with
 */
public record DurableKey(String user, String clientId, String name) {}

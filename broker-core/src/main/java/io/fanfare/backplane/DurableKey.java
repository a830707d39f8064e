package io.fanfare.backplane;

/**
 * What a durable subscription is known by.
 *
 * @param user another user can neither take it over nor end it, whatever client-id its client comes with
 */
public record DurableKey(String user, String clientId, String name) {}

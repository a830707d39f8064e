package io.fanfare.status;

import java.time.Instant;

/**
 * A connected client, as it is told without asking its event loop.
 *
 * @param id of its session, as CONNECTED says it
 * @param user empty: anonymous
 * @param clientId as CONNECT said it; empty: it did not
 * @param address of the peer, as logs say it
 * @param transport {@code websocket}, {@code tcp}, {@code sse} or {@code embedded}
 * @param version of STOMP, such as {@code 1.2}
 * @param connectedAt when it was CONNECTED
 * @param subscriptions the number of its subscriptions
 */
public record SessionStatus(
        String id,
        String user,
        String clientId,
        String address,
        String transport,
        String version,
        Instant connectedAt,
        int subscriptions) {}

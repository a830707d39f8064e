package io.fanfare.status;

import java.time.Duration;

/**
 * A connected client.
 *
 * @param id of its session, as CONNECTED says it
 * @param user empty: anonymous
 * @param address of the peer, as logs say it
 * @param version of STOMP, such as {@code 1.2}
 * @param transport {@code websocket} or {@code tcp}
 * @param compressed whether permessage-deflate was agreed on: larger messages are sent compressed
 * @param age the time since it was opened
 * @param subscriptions the number of its subscriptions
 * @param outboxBytes bytes that wait for its socket
 * @param framesIn frames that it has sent since CONNECTED
 * @param bytesIn bytes of STOMP that it has sent
 * @param bytesOut bytes that its socket has taken
 * @param heartBeatLag how long its heart-beat is overdue; zero: it is not, or none was agreed
 */
public record ConnectionStatus(
        String id,
        String user,
        String address,
        String version,
        String transport,
        boolean compressed,
        Duration age,
        int subscriptions,
        long outboxBytes,
        long framesIn,
        long bytesIn,
        long bytesOut,
        Duration heartBeatLag) {}

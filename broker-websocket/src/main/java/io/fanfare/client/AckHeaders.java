package io.fanfare.client;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;

/** The headers by which an ACK or NACK names its message, which each version does in its own way. */
final class AckHeaders {

    private AckHeaders() {}

    static Headers of(Frame message, StompVersion version) {
        return switch (version) {
            // STOMP 1.2, ACK: id matches the ack header of the MESSAGE
            case V1_2 -> Headers.of("id", required(message, "ack"));
            // STOMP 1.1, ACK: message-id and subscription
            case V1_1 ->
                Headers.of(
                        "message-id", required(message, "message-id"),
                        "subscription", required(message, "subscription"));
            case V1_0 -> Headers.of("message-id", required(message, "message-id"));
        };
    }

    private static String required(Frame message, String header) {
        return message.headers()
                .find(header)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the message has no " + header + " header: its subscription has ack:auto"));
    }
}

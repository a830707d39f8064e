package io.fanfare.broker;

import io.fanfare.frame.Headers;

/** Messages that are numbers. */
final class LincheckMessages {

    private LincheckMessages() {}

    static Message message(int number) {
        SendProperties properties = SendProperties.of(Headers.EMPTY, 0);
        return new Message(Headers.EMPTY, new byte[] {(byte) number}, 0, properties, null);
    }

    static int number(Message message) {
        return message.body()[0];
    }
}

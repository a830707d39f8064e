package io.fanfare.testing;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;

/** Messages that are numbers. */
public final class LincheckMessages {

    /** Made once: what the checker watches should be queues and topics. */
    private static final SendProperties PROPERTIES = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);

    private LincheckMessages() {}

    public static Message message(int number) {
        return new Message(Headers.EMPTY, new byte[] {(byte) number}, 0, PROPERTIES, null);
    }

    public static int number(Message message) {
        return message.body()[0];
    }
}

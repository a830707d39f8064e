package io.fanfare.broker;

import org.jspecify.annotations.Nullable;

/** Somebody with a name, and what all connections of his have used together. */
final class User {

    private final String name;
    private final @Nullable Rate messages;
    private final @Nullable Rate bytes;

    /** Belongs to {@link Users}. */
    int connections;

    User(String name, BrokerOptions limits) {
        this.name = name;
        this.messages = limits.maxUserMessageRate() == 0
                ? null
                : new Rate(
                        "messages of one user",
                        "max_user_message_rate",
                        limits.maxUserMessageRate(),
                        limits.rateBurst());
        this.bytes = limits.maxUserByteRate() == 0
                ? null
                : new Rate("bytes of one user", "max_user_byte_rate", limits.maxUserByteRate(), limits.rateBurst());
    }

    String name() {
        return name;
    }

    @Nullable
    Rate messages() {
        return messages;
    }

    @Nullable
    Rate bytes() {
        return bytes;
    }
}

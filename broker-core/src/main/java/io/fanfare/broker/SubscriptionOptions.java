package io.fanfare.broker;

import io.fanfare.frame.Headers;
import io.fanfare.security.Principal;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link LocalSubscription}. Each component is described at its method of {@link Builder}.
 */
public record SubscriptionOptions(
        Headers headers,
        Principal principal,
        String clientId,
        @Nullable Executor executor) {

    public static final SubscriptionOptions DEFAULT = builder().build();

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same with an executor, if it has none. */
    public SubscriptionOptions orExecutor(Executor other) {
        return executor != null ? this : new SubscriptionOptions(headers, principal, clientId, other);
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private final Headers.Builder headers = Headers.builder();
        private Principal principal = Principal.of("");
        private String clientId = "";
        private @Nullable Executor executor;

        private Builder() {}

        /**
         * Adds a header of the SUBSCRIBE, such as {@code ack}, {@code selector}, {@code prefetch-count}, {@code from}, {@code
         * overflow} or {@code durable}; none by default.
         */
        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        /** Has each message of a queue wait for {@link Delivery#ack} or {@link Delivery#nack}: {@code ack:client-individual}. */
        public Builder acknowledged() {
            return header("ack", "client-individual");
        }

        /**
         * Subscribes as this user, with the user's permissions and {@code /user/...} destinations. None by default: the program
         * itself, which may subscribe to everything.
         */
        public Builder user(String name) {
            return principal(Principal.of(name));
        }

        /** As {@link #user}, with roles and claims that the authorizer asks for. */
        public Builder principal(Principal subscriber) {
            principal = subscriber;
            return this;
        }

        /** The {@code client-id} that a durable subscription needs; none by default. */
        public Builder clientId(String id) {
            clientId = id;
            return this;
        }

        /**
         * Calls the handler, one call at a time. {@code Runnable::run}: the handler is called on the event loop, and must not
         * block. By default a thread of the server's that the subscription has while messages come.
         */
        public Builder executor(Executor calls) {
            executor = calls;
            return this;
        }

        /** What was set, and the defaults of the rest. */
        public SubscriptionOptions build() {
            return new SubscriptionOptions(headers.build(), principal, clientId, executor);
        }
    }
}

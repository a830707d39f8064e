package io.fanfare.client;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link Live}: how it follows its destination. Each component is described at its method of {@link
 * Builder}.
 */
public record LiveOptions(
        Function<Frame, @Nullable String> key,
        Consumer<Live> onState,
        Consumer<Live.Change> onChange,
        Consumer<Frame> onMessage,
        BiConsumer<Live.Gap, Live> onGap,
        @Nullable BiConsumer<Live.PresenceChange, Map<String, Live.Member>> onPresence,
        @Nullable Supplier<String> token,
        Consumer<Throwable> onError,
        @Nullable BinaryOperator<byte[]> mergePatch,
        @Nullable String from,
        Headers headers,
        Duration patience) {

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. Not thread-safe. */
    public static final class Builder {

        /** Headers of SUBSCRIBE that follow from what a {@link Live} does. */
        private static final Set<String> OURS =
                Set.of("id", "destination", "receipt", "ack", "retained", "from", "delta");

        private Function<Frame, @Nullable String> key = message -> null;
        private Consumer<Live> onState = live -> {};
        private Consumer<Live.Change> onChange = change -> {};
        private Consumer<Frame> onMessage = message -> {};
        private BiConsumer<Live.Gap, Live> onGap = (gap, live) -> {};
        private @Nullable BiConsumer<Live.PresenceChange, Map<String, Live.Member>> onPresence;
        private @Nullable Supplier<String> token;
        private Consumer<Throwable> onError = failure ->
                Callbacks.log(new StompException("no new token for the session: " + failure.getMessage(), failure));
        private @Nullable BinaryOperator<byte[]> mergePatch;
        private @Nullable String from;
        private final Headers.Builder headers = Headers.builder();
        private Duration patience = Duration.ofSeconds(5);

        private Builder() {}

        /** The name of the header that has a message's key; see {@link #key(Function)}. */
        public Builder key(String header) {
            return key(message -> message.headers().get(header));
        }

        /**
         * What a message's key is; it should be what the broker keeps the topic's values by. Where it is null, and by default, the
         * header {@code retain-key} counts, then the destination.
         */
        public Builder key(Function<Frame, @Nullable String> value) {
            key = value;
            return this;
        }

        /** Called when the map is complete: after the snapshot, and on the next client when what was missed has come. */
        public Builder onState(Consumer<Live> callback) {
            onState = callback;
            return this;
        }

        /** Called with each key that has changed; those that a snapshot changes come one by one, before {@link #onState}. */
        public Builder onChange(Consumer<Live.Change> callback) {
            onChange = callback;
            return this;
        }

        /** Called with each message, its body whole, also one that replaces a value by the same. */
        public Builder onMessage(Consumer<Frame> callback) {
            onMessage = callback;
            return this;
        }

        /** Called when something was missed, or could have been. */
        public Builder onGap(BiConsumer<Live.Gap, Live> callback) {
            onGap = callback;
            return this;
        }

        /**
         * Called with the sessions that are subscribed to the topic: once the list is complete, on the next client again, and
         * with each that joins or leaves. For one topic, without wildcards, whose rule has presence gathered; the client needs the
         * permission {@code presence}. Else the broker refuses it, and closes the connection unless CONNECT had
         * {@code soft-errors:true}. The map is {@link Live#members}.
         */
        public Builder onPresence(BiConsumer<Live.PresenceChange, Map<String, Live.Member>> callback) {
            onPresence = callback;
            return this;
        }

        /** A new token for the client when its session is about to expire; see {@link StompClient#renewTokens}. */
        public Builder token(Supplier<String> value) {
            token = value;
            return this;
        }

        /** Called when a new {@link #token} could not be had, or was refused; by default that is logged. */
        public Builder onError(Consumer<Throwable> callback) {
            onError = callback;
            return this;
        }

        /**
         * Asks for deltas ({@code delta:merge-patch}); without it whole values come. The key must be in a header then.
         *
         * @param apply from a JSON body and a merge patch (RFC 7396) makes the new body, and changes neither; when it throws, the
         *     snapshot is taken anew, and deltas are asked for no more
         */
        public Builder mergePatch(BinaryOperator<byte[]> apply) {
            mergePatch = apply;
            return this;
        }

        /**
         * Where in the history the first subscription begins: {@code first}, {@code last}, {@code time=MS}, or a cursor; by
         * default with what comes next.
         */
        public Builder from(String place) {
            from = place;
            return this;
        }

        /**
         * A further header of SUBSCRIBE, such as {@code selector} or {@code max-rate}.
         *
         * @throws IllegalArgumentException for one that is not the caller's to choose
         */
        public Builder header(String name, String value) {
            if (OURS.contains(name)) {
                throw new IllegalArgumentException("the header " + name + " follows from the other options");
            }
            headers.add(name, value);
            return this;
        }

        /** How long to wait for a snapshot or a replay whose length is not known, before what has come is taken for all; 5 s. */
        public Builder patience(Duration most) {
            patience = most;
            return this;
        }

        /** What was set, and the defaults of the rest. */
        public LiveOptions build() {
            return new LiveOptions(
                    key,
                    onState,
                    onChange,
                    onMessage,
                    onGap,
                    onPresence,
                    token,
                    onError,
                    mergePatch,
                    from,
                    headers.build(),
                    patience);
        }
    }
}

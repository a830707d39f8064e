package io.fanfare.selector;

import io.fanfare.frame.HeaderNames;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Operand of a selector. It is read as the type the operator needs; the readings answer null, or UNKNOWN, for
 * NULL and for a value that is not of that type.
 */
sealed interface Value extends Expression
        permits Value.Header, Value.TextLiteral, Value.NumberLiteral, Value.BooleanLiteral, Value.Signed, Arithmetic {

    /** JMS spells its two values in words, STOMP's {@code persistent} is true or false. */
    String DELIVERY_MODE = "JMSDeliveryMode";

    Kind kind();

    default @Nullable Numeric number(Function<String, @Nullable String> headers) {
        return null;
    }

    default @Nullable String text(Function<String, @Nullable String> headers) {
        return null;
    }

    default Truth truth(Function<String, @Nullable String> headers) {
        return Truth.UNKNOWN;
    }

    /**
     * A header of the message; NULL where the message has none of that name.
     *
     * @param jmsName what JMS calls it, and may be the name of a header too; null: it has no name there
     */
    record Header(String name, @Nullable String jmsName) implements Value {

        /** JMS 3.1, 3.4 and 3.5.9: what it calls headers of its own, and the STOMP headers that say the same. */
        private static final Map<String, String> STOMP = Map.ofEntries(
                Map.entry("JMSCorrelationID", "correlation-id"),
                Map.entry(DELIVERY_MODE, "persistent"),
                Map.entry("JMSDestination", "destination"),
                Map.entry("JMSExpiration", "expires"),
                Map.entry("JMSMessageID", "message-id"),
                Map.entry("JMSPriority", "priority"),
                Map.entry("JMSRedelivered", "redelivered"),
                Map.entry("JMSReplyTo", "reply-to"),
                Map.entry("JMSTimestamp", "timestamp"),
                Map.entry("JMSType", "type"),
                Map.entry("JMSXDeliveryCount", "delivery-count"),
                Map.entry("JMSXGroupID", "message-group"),
                Map.entry("JMSXUserID", "user-id"));

        /** Selectors are asked between the frame that came and those that go. */
        private static final Set<String> NEVER_THERE = Set.copyOf(HeaderNames.OF_ONE_FRAME.names());

        /** The header that a name in a selector means. */
        static Header of(String name) {
            String stomp = STOMP.get(name);
            return stomp == null ? new Header(name, null) : new Header(stomp, name);
        }

        /** Whether a message may have it when selectors are asked. */
        boolean canBeThere() {
            return !NEVER_THERE.contains(name);
        }

        @Override
        public Kind kind() {
            return Kind.HEADER;
        }

        @Override
        public @Nullable Numeric number(Function<String, @Nullable String> headers) {
            return NumberText.read(text(headers));
        }

        @Override
        public @Nullable String text(Function<String, @Nullable String> headers) {
            String value = headers.apply(name);
            if (jmsName == null) {
                return value;
            }
            value = value == null ? headers.apply(jmsName) : value;
            if (jmsName.equals(DELIVERY_MODE)) {
                return "true".equalsIgnoreCase(value) ? "PERSISTENT" : "NON_PERSISTENT";
            }
            return value;
        }

        @Override
        public Truth truth(Function<String, @Nullable String> headers) {
            return Truth.read(text(headers));
        }
    }

    record TextLiteral(String value) implements Value {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }

        @Override
        public String text(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    record NumberLiteral(Numeric value) implements Value {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public Numeric number(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    record BooleanLiteral(Truth value) implements Value {
        @Override
        public Kind kind() {
            return Kind.BOOLEAN;
        }

        @Override
        public Truth truth(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    /** A sign before a header or a parenthesis; also {@code +} makes a number of a header. */
    record Signed(boolean negative, Value value) implements Value {
        private static final Numeric ZERO = new Numeric.Exact(0);

        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public @Nullable Numeric number(Function<String, @Nullable String> headers) {
            Numeric number = value.number(headers);
            return number == null || !negative ? number : ArithmeticOperator.MINUS.apply(ZERO, number);
        }
    }
}

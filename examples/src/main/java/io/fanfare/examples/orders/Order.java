package io.fanfare.examples.orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** An order of the shop, and how it travels. */
record Order(int number, String item, int cents) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ITEMS = List.of(
            "tea kettle", "desk lamp", "wool blanket", "bread knife", "bicycle bell", "garden chair", "wall clock");

    /** One of so many orders is damaged on its way into the shop: no worker can ever read it. */
    static final int DAMAGED_EVERY = 20;

    /** For one of so many orders the bank does not answer at the first attempt. */
    static final int BANK_SILENT_EVERY = 7;

    static Order of(int number) {
        return new Order(number, ITEMS.get(number % ITEMS.size()), 500 + 137 * (number % 50));
    }

    static String idOf(int number) {
        return "order-" + number;
    }

    static boolean isDamaged(int number) {
        return number % DAMAGED_EVERY == 0;
    }

    /** The body of its message; of a damaged order only the first half of it. */
    byte[] toBody() {
        try {
            byte[] whole = JSON.writeValueAsBytes(this);
            return isDamaged(number) ? Arrays.copyOf(whole, whole.length / 2) : whole;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the body of a message.
     *
     * @throws UnsettledException when the order is damaged
     */
    static Order read(byte[] body) {
        try {
            return JSON.readValue(body, Order.class);
        } catch (IOException e) {
            throw new UnsettledException("cannot be read: " + new String(body, UTF_8));
        }
    }

    /**
     * Takes the money.
     *
     * @param delivery which delivery of the order this is, from 1
     * @throws UnsettledException when the bank does not answer, which it does at the next attempt
     */
    void charge(int delivery) {
        if (number % BANK_SILENT_EVERY == 0 && delivery == 1) {
            throw new UnsettledException("the bank does not answer");
        }
    }

    /** The reason why a worker gives an order back. */
    static final class UnsettledException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String reason;

        UnsettledException(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}

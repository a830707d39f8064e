package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableTerms;
import io.fanfare.frame.HeaderBytes;
import io.fanfare.frame.Headers;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Records that nodes write of durable subscriptions.
 *
 * @param claim names the claim that it is about; none has another's
 * @param holder what other connections are told of the one that has it
 * @param life names the life of the durable subscription, by the sequence of its first claim; of a claim, the one that it
 *     goes on with as far as its node knows; 0: none
 * @param order the sequence of the claim; 0 in the claim itself
 * @param isLeft whether the client has gone
 * @param maybe as {@link io.fanfare.backplane.DurableClaim#maybeDeliveredUpTo}; 0: the progress tells all
 */
record DurableRecord(
        Kind kind,
        DurableKey key,
        DurableTerms terms,
        String claim,
        String node,
        String holder,
        long life,
        long order,
        DurableProgress progress,
        boolean isLeft,
        long maybe) {

    private static final int DIGITS = 36;
    private static final String NO_LOCAL = "no-local";
    private static final String DESTINATION = "destination";

    enum Kind {
        CLAIM,
        /** How far the holder of a claim has come. */
        SAVE,
        /** The end for good. */
        END
    }

    /** A claim. */
    static DurableRecord claim(
            DurableKey key,
            DurableTerms terms,
            String claim,
            String node,
            String holder,
            long life,
            DurableProgress start) {
        return new DurableRecord(Kind.CLAIM, key, terms, claim, node, holder, life, 0, start, false, 0);
    }

    /** What the holder of this claim has come to. */
    DurableRecord save(long itsLife, long itsOrder, DurableProgress now, boolean hasLeft, long maybeUpTo) {
        return new DurableRecord(
                Kind.SAVE, key, terms, claim, node, holder, itsLife, itsOrder, now, hasLeft, maybeUpTo);
    }

    /** The end. */
    static DurableRecord end(DurableKey key, String id) {
        return new DurableRecord(
                Kind.END,
                key,
                new DurableTerms(List.of(), "", false),
                id,
                "",
                "",
                0,
                0,
                new DurableProgress("", 0, List.of()),
                true,
                0);
    }

    byte[] bytes() {
        Headers.Builder all = Headers.builder()
                .add("kind", kind.name())
                .add("user", key.user())
                .add("client-id", key.clientId())
                .add("name", key.name())
                .add("selector", terms.selector())
                .add("claim", claim)
                .add("node", node)
                .add("holder", holder)
                .add("life", life)
                .add("order", order)
                .add("epoch", progress.epoch())
                .add("up-to", progress.upTo())
                .add("open", differences(progress.open()))
                .add("left", Boolean.toString(isLeft))
                .add("maybe", maybe);
        if (terms.noLocal()) {
            all.add(NO_LOCAL, "true");
        }
        terms.destinations().forEach(each -> all.add(DESTINATION, each));
        Headers headers = all.build();
        ByteBuffer out = ByteBuffer.allocate(HeaderBytes.size(headers));
        HeaderBytes.write(headers, out);
        return out.array();
    }

    /** Each number less the one before: they are long, and near to each other. */
    private static String differences(List<Long> rising) {
        StringBuilder text = new StringBuilder();
        long before = 0;
        for (long each : rising) {
            text.append(text.isEmpty() ? "" : " ").append(Long.toString(each - before, DIGITS));
            before = each;
        }
        return text.toString();
    }

    private static List<Long> numbers(String differences) {
        List<Long> rising = new ArrayList<>();
        long before = 0;
        for (String each : differences.isEmpty() ? new String[0] : differences.split(" ")) {
            before += Long.parseLong(each, DIGITS);
            rising.add(before);
        }
        return rising;
    }

    /**
     * Reads what {@link #bytes} has made.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static DurableRecord read(byte[] bytes) {
        try {
            Headers headers = HeaderBytes.read(ByteBuffer.wrap(bytes));
            List<String> destinations = new ArrayList<>();
            for (int i = 0; i < headers.size(); i++) {
                if (headers.name(i).equals(DESTINATION)) {
                    destinations.add(headers.value(i));
                }
            }
            return new DurableRecord(
                    Kind.valueOf(text(headers, "kind")),
                    new DurableKey(text(headers, "user"), text(headers, "client-id"), text(headers, "name")),
                    new DurableTerms(destinations, text(headers, "selector"), headers.get(NO_LOCAL) != null),
                    text(headers, "claim"),
                    text(headers, "node"),
                    text(headers, "holder"),
                    Long.parseLong(text(headers, "life")),
                    Long.parseLong(text(headers, "order")),
                    new DurableProgress(
                            text(headers, "epoch"),
                            Long.parseLong(text(headers, "up-to")),
                            numbers(text(headers, "open"))),
                    Boolean.parseBoolean(text(headers, "left")),
                    Long.parseLong(text(headers, "maybe")));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the end of a record is missing", e);
        }
    }

    private static String text(Headers headers, String name) {
        String value = headers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a durable subscription's record has no " + name);
        }
        return value;
    }
}

package io.fanfare.broker;

/** A message in one of the model's queues. */
final class ModelEntry implements Comparable<ModelEntry> {

    final ModelMessage message;

    /** What MESSAGE's {@code destination} will say. */
    final String destination;

    private final long sequence;

    /** When it became ready; what happens in one step of the broker has one number. */
    long since;

    int deliveries;

    /** Whether its place among others, or when it came there, is not known. */
    boolean free;

    ModelEntry(ModelMessage message, String destination, long sequence, long since, boolean free) {
        this.message = message;
        this.destination = destination;
        this.sequence = sequence;
        this.since = since;
        this.free = free;
    }

    /** Whether it should have been delivered before the other, to a subscription that may take both. */
    boolean isBefore(ModelEntry other) {
        return compareTo(other) < 0
                && since <= other.since
                && !free
                && !other.free
                && message.group() == null
                && other.message.group() == null;
    }

    @Override
    public int compareTo(ModelEntry other) {
        int byPriority = Integer.compare(other.message.priority(), message.priority());
        return byPriority != 0 ? byPriority : Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return message.body() + " of " + destination;
    }
}

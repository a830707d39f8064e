package io.fanfare.message;

/**
 * The parts of a {@code message-id} behind the broker's prefix.
 *
 * @param destination the number of the topic or queue that gave the message its place
 * @param sequence its place there
 */
public record MessageId(long destination, long sequence) {}

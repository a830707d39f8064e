package io.fanfare.message;

/**
 * What a {@code message-id} says behind the broker's prefix.
 *
 * @param destination the number of the topic or queue that gave the message its place
 * @param sequence its place there
 */
public record MessageId(long destination, long sequence) {}

package io.fanfare.status;

import io.fanfare.frame.Headers;

/**
 * A last value that a topic keeps.
 *
 * @param key empty: the one without a key
 * @param sequence its place in the topic; never changes
 * @param headers the sender's, with {@code destination}
 * @param body the octets; not to be changed
 * @param timestamp when the broker took it, milliseconds of the epoch
 */
public record LastValue(String key, long sequence, Headers headers, byte[] body, long timestamp) {}

package io.fanfare.backplane;

import java.time.Duration;

/**
 * What one shared queue may hold.
 *
 * @param messages {@code max_queue_messages}
 * @param bytes {@code max_queue_bytes}
 * @param dedupWindow time in which an id that comes again is a repeat
 */
public record QueueLimits(int messages, long bytes, Duration dedupWindow) {}

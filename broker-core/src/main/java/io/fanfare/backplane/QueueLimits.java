package io.fanfare.backplane;

import java.time.Duration;

/**
 * Limits of one shared queue.
 *
 * @param messages {@code max_queue_messages}
 * @param bytes {@code max_queue_bytes}
 * @param dedupWindow time in which an id that comes again is a repeat
 */
public record QueueLimits(int messages, long bytes, Duration dedupWindow) {}

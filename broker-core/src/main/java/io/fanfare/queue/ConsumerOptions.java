package io.fanfare.queue;

/**
 * What a subscription asks of its queues.
 *
 * @param prefetch messages that it may have unsettled at a time
 * @param exclusive whether it wants a queue for itself
 * @param priority consumers with a higher one are served first
 */
public record ConsumerOptions(int prefetch, boolean exclusive, int priority) {}

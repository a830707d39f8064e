/** Queues: dispatch to consumers, acknowledgement, browsing, dead letters, and durable subscriptions. */
@NullMarked
package io.fanfare.queue;

import org.jspecify.annotations.NullMarked;

/** Queues that several nodes share, and that survive them: each is a work-queue stream of JetStream with one durable consumer. */
@NullMarked
package io.fanfare.nats.internal.queue;

import org.jspecify.annotations.NullMarked;

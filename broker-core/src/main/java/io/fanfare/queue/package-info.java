/** Queues: dispatch to consumers, acknowledgement, browsing and dead letters. */
@NullMarked
package io.fanfare.queue;

import org.jspecify.annotations.NullMarked;

/**
 * A work queue with competing workers, each a process of its own that may be killed at any time.
 *
 * <p>{@link io.fanfare.examples.orders.Orders} starts an embedded broker, the {@code Workers}, a {@code Producer}, a {@code
 * Ledger} that counts, and a page. All of them are STOMP clients of the broker like any other.
 */
@NullMarked
package io.fanfare.examples.orders;

import org.jspecify.annotations.NullMarked;

/**
 * {@code fanfare bench}: a load of publishers and subscribers on one thread, and what it measures. It speaks WebSocket and
 * STOMP by hand, so that it is not slower than the broker: {@code docs/decisions/0013-bench.md}.
 */
@NullMarked
package io.fanfare.cli.bench;

import org.jspecify.annotations.NullMarked;

/**
 * {@code fanfare bench}: a load generator with publishers and subscribers on one thread, and its measurements.
 * WebSocket and STOMP are implemented by hand, so that the generator is not slower than the broker: {@code
 * docs/decisions/0013-bench.md}.
 */
@NullMarked
package io.fanfare.cli.bench;

import org.jspecify.annotations.NullMarked;

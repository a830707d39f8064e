/** Live messages: gathered and published in batches, received in order with gaps noticed, and those for one node's connections. */
@NullMarked
package io.fanfare.nats.internal.live;

import org.jspecify.annotations.NullMarked;

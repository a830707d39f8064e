/** Kept topics on JetStream: one stream for each rule, which every node reads from its beginning. */
@NullMarked
package io.fanfare.nats.internal.kept;

import org.jspecify.annotations.NullMarked;

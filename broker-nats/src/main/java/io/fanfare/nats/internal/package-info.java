/** Internals of the NATS backplane: joining, isolation, operations. */
@NullMarked
package io.fanfare.nats.internal;

import org.jspecify.annotations.NullMarked;

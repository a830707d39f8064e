/** Options of the NATS backplane, as values. */
@NullMarked
package io.fanfare.nats.options;

import org.jspecify.annotations.NullMarked;

/**
 * The STOMP wire format, without I/O: bytes to {@link io.fanfare.frame.Frame} and back, for STOMP 1.0, 1.1 and 1.2.
 *
 * <p>One codec serves the three versions; what differs between them is data in {@link io.fanfare.frame.StompVersion}.
 */
@NullMarked
package io.fanfare.frame;

import org.jspecify.annotations.NullMarked;

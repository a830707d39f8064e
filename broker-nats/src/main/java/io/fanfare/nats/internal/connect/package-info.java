/** The connections to NATS: how they are made, kept and made again, and what is logged of them. */
@NullMarked
package io.fanfare.nats.internal.connect;

import org.jspecify.annotations.NullMarked;

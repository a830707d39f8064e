/** What the backplane is made of, and what is no part of it for others. */
@NullMarked
package io.fanfare.nats.internal;

import org.jspecify.annotations.NullMarked;

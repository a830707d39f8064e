/** Quotas: rates at which a connection or user may send, and how many destinations and connections it may have. */
@NullMarked
package io.fanfare.quota;

import org.jspecify.annotations.NullMarked;

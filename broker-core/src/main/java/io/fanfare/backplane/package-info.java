/** The seam to other nodes: what carries messages between several brokers, and keeps them where a broker's memory does not. */
@NullMarked
package io.fanfare.backplane;

import org.jspecify.annotations.NullMarked;

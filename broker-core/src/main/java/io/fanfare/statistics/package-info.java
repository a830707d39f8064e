/** Statistics: the counters that the broker's rooms fill, and the values that an embedder reads. */
@NullMarked
package io.fanfare.statistics;

import org.jspecify.annotations.NullMarked;

/** Retention: the last value of each key and the last messages of topics, kept for later subscribers. */
@NullMarked
package io.fanfare.retention;

import org.jspecify.annotations.NullMarked;

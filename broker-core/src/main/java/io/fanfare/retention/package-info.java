/** What topics keep for subscribers that come later: the last value of each key, and the last messages. */
@NullMarked
package io.fanfare.retention;

import org.jspecify.annotations.NullMarked;

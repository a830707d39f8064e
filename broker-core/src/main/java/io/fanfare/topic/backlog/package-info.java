/** Backlogs of slow and paced subscribers: entries, bounds, and what is dropped. */
@NullMarked
package io.fanfare.topic.backlog;

import org.jspecify.annotations.NullMarked;

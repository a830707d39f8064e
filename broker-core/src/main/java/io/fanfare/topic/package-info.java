/** Topics: patterns, fan-out to subscribers, pacing, and backlogs of slow subscribers. */
@NullMarked
package io.fanfare.topic;

import org.jspecify.annotations.NullMarked;

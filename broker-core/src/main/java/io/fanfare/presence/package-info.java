/** Presence: which sessions are subscribed to a topic, and when they come and go. */
@NullMarked
package io.fanfare.presence;

import org.jspecify.annotations.NullMarked;

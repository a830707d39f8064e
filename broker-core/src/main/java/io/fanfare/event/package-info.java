/** Events of connections, subscriptions and messages: told to listeners, and kept for operators. */
@NullMarked
package io.fanfare.event;

import org.jspecify.annotations.NullMarked;

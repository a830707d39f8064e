/** Other people's STOMP clients, each put through the same scenarios against a real server. */
@NullMarked
package io.fanfare.interop;

import org.jspecify.annotations.NullMarked;

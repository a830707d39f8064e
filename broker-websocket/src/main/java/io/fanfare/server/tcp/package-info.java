/** Plain STOMP over TCP, on the same loops and codec as WebSocket. */
@NullMarked
package io.fanfare.server.tcp;

import org.jspecify.annotations.NullMarked;

/** STOMP over WebSocket: the Jakarta endpoint, the choice of a sub-protocol, and reading and writing of messages. */
@NullMarked
package io.fanfare.server.websocket;

import org.jspecify.annotations.NullMarked;

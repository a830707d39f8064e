/** STOMP over WebSocket: the opening handshake, reading and writing of messages, the closing handshake. */
@NullMarked
package io.fanfare.server.internal.websocket;

import org.jspecify.annotations.NullMarked;

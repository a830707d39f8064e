/** The client's side of WebSocket as bytes (RFC 6455): the handshake and the headers of frames. */
@NullMarked
package io.fanfare.cli.wire;

import org.jspecify.annotations.NullMarked;

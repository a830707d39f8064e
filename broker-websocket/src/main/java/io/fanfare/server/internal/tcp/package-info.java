/** STOMP over plain TCP. */
@NullMarked
package io.fanfare.server.internal.tcp;

import org.jspecify.annotations.NullMarked;

/** The embeddable server: {@link io.fanfare.server.FanfareServer} is a broker with its listeners, and its options. */
@NullMarked
package io.fanfare.server;

import org.jspecify.annotations.NullMarked;

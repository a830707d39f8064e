/** The server: {@link io.fanfare.server.FanfareServer} puts listeners round one broker. */
@NullMarked
package io.fanfare.server;

import org.jspecify.annotations.NullMarked;

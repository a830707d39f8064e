/** The event loops on Grizzly's selector threads, and the sockets they own. */
@NullMarked
package io.fanfare.server.net;

import org.jspecify.annotations.NullMarked;

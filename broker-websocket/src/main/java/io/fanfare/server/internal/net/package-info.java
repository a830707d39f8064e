/** TCP connections on event loops: Grizzly's selector threads as loops, accepting, limits on connections, TLS. */
@NullMarked
package io.fanfare.server.internal.net;

import org.jspecify.annotations.NullMarked;

/** The admin listener: health checks over HTTP, on a port and threads of its own. */
@NullMarked
package io.fanfare.server.internal.http;

import org.jspecify.annotations.NullMarked;

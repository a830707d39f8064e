/** Event streams (HTML Standard 9.2, SSE): the request, and a session whose messages are events. */
@NullMarked
package io.fanfare.server.internal.sse;

import org.jspecify.annotations.NullMarked;

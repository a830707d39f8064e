/** The operator's HTTP port, apart from the clients' ones: health checks. */
@NullMarked
package io.fanfare.server.http;

import org.jspecify.annotations.NullMarked;

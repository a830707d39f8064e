/**
 * HTTP on both ports: codec, admission and requests of clients, and the admin listener with its own port and threads.
 */
@NullMarked
package io.fanfare.server.internal.http;

import org.jspecify.annotations.NullMarked;

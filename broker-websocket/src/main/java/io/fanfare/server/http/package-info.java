/** HTTP requests that other modules answer on a server's ports, as values: no type of the server beneath. */
@NullMarked
package io.fanfare.server.http;

import org.jspecify.annotations.NullMarked;

/** Sessions: one client's connection as STOMP sees it, from its first byte to its last. */
@NullMarked
package io.fanfare.session;

import org.jspecify.annotations.NullMarked;

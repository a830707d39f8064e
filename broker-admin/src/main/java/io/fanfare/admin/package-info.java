/** The operator's side of a server: an HTTP API on its admin listener. */
@NullMarked
package io.fanfare.admin;

import org.jspecify.annotations.NullMarked;

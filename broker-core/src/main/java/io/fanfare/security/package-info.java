/** Authentication and authorization: the interfaces that an embedder implements, their values, and rules ready-made. */
@NullMarked
package io.fanfare.security;

import org.jspecify.annotations.NullMarked;

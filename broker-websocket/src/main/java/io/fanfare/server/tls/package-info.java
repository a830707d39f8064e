/** Certificates and keys from files, for the server's TLS. */
@NullMarked
package io.fanfare.server.tls;

import org.jspecify.annotations.NullMarked;

/** TLS certificates and private keys, read from PEM files and read again when the files change. */
@NullMarked
package io.fanfare.server.internal.tls;

import org.jspecify.annotations.NullMarked;

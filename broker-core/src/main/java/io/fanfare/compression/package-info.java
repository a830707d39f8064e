/** Compression of messages by permessage-deflate (RFC 7692): each message once for all connections of a loop that share it. */
@NullMarked
package io.fanfare.compression;

import org.jspecify.annotations.NullMarked;

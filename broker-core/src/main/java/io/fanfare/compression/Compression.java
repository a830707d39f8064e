package io.fanfare.compression;

/**
 * Compression of a connection's messages: permessage-deflate (RFC 7692) without context takeover. A message is
 * compressed by itself, so that all connections with the same window share its bytes.
 *
 * @param windowBits a reference goes back at most two to the power of this; 8 to 15. 0: nothing is compressed
 * @param minBytes messages of fewer octets are sent as they are
 */
public record Compression(int windowBits, int minBytes) {

    /** The largest window of DEFLATE, and the one of the JDK's compressor. */
    public static final int MAX_WINDOW_BITS = 15;

    public static final Compression NONE = new Compression(0, Integer.MAX_VALUE);

    public boolean isOn() {
        return windowBits > 0;
    }
}

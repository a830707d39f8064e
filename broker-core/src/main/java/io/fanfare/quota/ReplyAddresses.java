package io.fanfare.quota;

import io.fanfare.frame.HeaderNames;
import io.fanfare.frame.Headers;
import java.util.Arrays;

/**
 * The {@code reply-to}s of the last requests that a connection was sent: what it sends there is a reply, to where another client
 * has chosen. Owned by the connection's loop.
 */
public final class ReplyAddresses {

    /** As many are known; a connection that answers in the order of the requests, with any usual prefetch, needs fewer. */
    private static final int MOST = 1_024;

    private static final int FEW = 16;
    private static final int[] NONE = {};
    private static final HeaderNames REPLY_TO = HeaderNames.of("reply-to");

    /** Hash codes of the addresses, in a ring: a text may be as long as a header. */
    private int[] hashes = NONE;

    private int known;
    private int next;

    /** A message is being sent to the connection. */
    public void delivered(Headers headers) {
        String address = headers.hasAny(REPLY_TO) ? headers.get("reply-to") : null;
        if (address != null) {
            add(address.hashCode());
        }
    }

    private void add(int hash) {
        if (known > 0 && hashes[(next + known - 1) % known] == hash) {
            return;
        }
        if (known < MOST) {
            if (known == hashes.length) {
                hashes = Arrays.copyOf(hashes, Math.max(FEW, 2 * known));
            }
            hashes[known++] = hash;
            return;
        }
        hashes[next] = hash;
        next = (next + 1) % MOST;
    }

    /** Whether one of the requests has asked for replies there. */
    public boolean contains(String destination) {
        int hash = destination.hashCode();
        return Arrays.stream(hashes, 0, known).anyMatch(each -> each == hash);
    }
}

package io.fanfare.compression;

/**
 * The octets of one STOMP frame, in parts: what one subscription has of its own, what all receivers get, and the NUL, which
 * is not in any of the arrays.
 *
 * @param head the frame's head, from index 0 on; valid during the call that it is given to
 * @param own octets at the beginning of the head that differ from one subscription to the other
 * @param headLength octets of the head
 * @param body the whole body; never changed
 */
public record Payload(byte[] head, int own, int headLength, byte[] body) {

    /** Octets behind what a subscription has of its own. */
    public int sharedLength() {
        return headLength - own + body.length + 1;
    }
}

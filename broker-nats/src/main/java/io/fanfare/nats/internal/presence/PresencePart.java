package io.fanfare.nats.internal.presence;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.status.PresenceStatus;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One NATS message about the presence of a node's sessions.
 *
 * @param node whose sessions they are
 * @param list number of the list of all sessions that it is a part of; 0: of none, these are changes
 * @param part its place in that list, from 0
 * @param isLast whether it is the last part
 */
record PresencePart(String node, long list, int part, boolean isLast, List<PresenceChange> changes) {

    /** Nodes of other versions may write another one. */
    private static final byte FORM = 1;

    private static final int HEAD_BYTES = 1 + Long.BYTES + Integer.BYTES + 1;

    byte[] bytes() {
        int size = HEAD_BYTES + size(node);
        for (PresenceChange each : changes) {
            size += bytes(each);
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(FORM).putLong(list).putInt(part).put((byte) (isLast ? 1 : 0));
        put(out, node);
        for (PresenceChange each : changes) {
            put(out, each.topic());
            put(out, each.session().user());
            put(out, each.session().session());
            out.putLong(each.session().since());
            String reason = each.leaveReason();
            put(out, reason == null ? "" : reason);
        }
        return out.array();
    }

    /** Octets that a change takes. */
    static int bytes(PresenceChange change) {
        String reason = change.leaveReason();
        return size(change.topic())
                + size(change.session().user())
                + size(change.session().session())
                + Long.BYTES
                + size(reason == null ? "" : reason);
    }

    private static int size(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void put(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putInt(bytes.length).put(bytes);
    }

    /**
     * Reads what {@link #bytes} has made.
     *
     * @throws IllegalArgumentException when it is something else, or of another version
     */
    static PresencePart read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte form = in.get();
            if (form != FORM) {
                throw new IllegalArgumentException("this is no presence of this version: form " + form);
            }
            long list = in.getLong();
            int part = in.getInt();
            boolean isLast = in.get() != 0;
            String node = text(in);
            List<PresenceChange> changes = new ArrayList<>();
            while (in.hasRemaining()) {
                String topic = text(in);
                PresenceStatus who = new PresenceStatus(text(in), text(in), in.getLong());
                String reason = text(in);
                changes.add(new PresenceChange(topic, who, reason.isEmpty() ? null : reason));
            }
            return new PresencePart(node, list, part, isLast, changes);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the end of a list of sessions is missing", e);
        }
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("the end of a list of sessions is missing");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

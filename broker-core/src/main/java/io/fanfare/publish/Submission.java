package io.fanfare.publish;

import io.fanfare.message.Message;
import io.fanfare.message.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way in.
 *
 * @param id tells whether it is a repeat; null: it is none
 */
public record Submission(
        List<Target> targets, Message message, @Nullable DedupId id) {

    /** About what it takes to keep it. */
    public long bytes() {
        return message.size() + (id == null ? 0 : id.bytes());
    }
}

package io.fanfare.options;

import org.jspecify.annotations.Nullable;

/**
 * Finds the difference of two JSON texts as a merge patch (RFC 7396). A seam: the broker knows no JSON. Called by event loops,
 * which wait for it; several may call at the same time.
 */
@FunctionalInterface
public interface MergePatch {

    /** Finds no difference: whole values are sent. */
    MergePatch NONE = (before, after) -> null;

    /**
     * The patch that makes one of the other.
     *
     * @param before the body that the receiver has, JSON in UTF-8 or anything else; not to be changed
     * @param after the body that it is to have
     * @return the patch, JSON in UTF-8; null where there is none: a body is no JSON object, or the patch would have to set a null
     */
    byte @Nullable [] diff(byte[] before, byte[] after);
}

package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.options.MergePatch;
import java.util.Arrays;

/** Differences of texts, in place of JSON: how much of the beginning stays, and what follows it. */
final class Beginnings implements MergePatch {

    @Override
    public byte[] diff(byte[] before, byte[] after) {
        int same = Arrays.mismatch(before, after);
        String text = new String(after, UTF_8);
        int stays = same < 0 ? text.length() : same;
        return (stays + "+" + text.substring(stays)).getBytes(UTF_8);
    }

    /** The text after a patch. */
    static String apply(String before, String patch) {
        int plus = patch.indexOf('+');
        return before.substring(0, Integer.parseInt(patch.substring(0, plus))) + patch.substring(plus + 1);
    }
}

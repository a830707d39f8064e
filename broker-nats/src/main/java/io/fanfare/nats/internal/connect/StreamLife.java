package io.fanfare.nats.internal.connect;

import io.nats.client.JetStreamApiException;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.time.ZonedDateTime;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of all streams that have had a name one is: a random word in its description, which all of its servers have
 * alike. The time at which it was made they may have differently: where several nodes make it at once, or one makes it
 * again that is there, each of the servers takes one of these times, and another one after a restart. By the word, two
 * nodes also want two different streams, and one of them is refused.
 */
public final class StreamLife {

    private static final Pattern IN_DESCRIPTION = Pattern.compile(", life ([0-9a-z]{1,13})(?=$|, whole behind )");

    /** There is another stream of this name. */
    private static final int NAME_IN_USE = 10058;

    private StreamLife() {}

    /** Whether a stream could not be made because another node has made one meanwhile. */
    public static boolean isOther(JetStreamApiException why) {
        return why.getApiErrorCode() == NAME_IN_USE;
    }

    /** The description of a stream that is to be made. */
    public static String describe(String text) {
        return text + ", life "
                + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
    }

    /**
     * The word; of a stream that has none, as an earlier version made it, what stands for the time at which it was
     * made.
     */
    public static String of(StreamInfo info) {
        Matcher named = find(info.getConfiguration());
        ZonedDateTime created = info.getCreateTime();
        return named.find()
                ? "l" + named.group(1)
                : "s" + Long.toString(created.toEpochSecond() * 1_000_000_000 + created.getNano(), Character.MAX_RADIX);
    }

    /** Whether it has such a word. */
    public static boolean isNamed(StreamConfiguration stream) {
        return find(stream).find();
    }

    /** What a description says without it. */
    public static String text(StreamConfiguration stream) {
        return find(stream).replaceFirst("");
    }

    private static Matcher find(StreamConfiguration stream) {
        return IN_DESCRIPTION.matcher(String.valueOf(stream.getDescription()));
    }
}

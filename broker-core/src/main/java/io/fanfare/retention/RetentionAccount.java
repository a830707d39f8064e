package io.fanfare.retention;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Memory;
import io.fanfare.message.Message;
import io.fanfare.options.TopicOptions;
import io.fanfare.quota.DestinationQuota;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Account of what the topics of a broker keep together, its limits, and its account with {@link Memory}. Any thread may
 * call.
 */
public final class RetentionAccount {

    /** Beside the message and its key: the places of a value in two maps. */
    private static final long VALUE_BYTES = 256;

    /** Beside the message: its place in a history, and when it came. */
    private static final long PLACE_BYTES = 24;

    /** Of a topic that stands without subscribers: its objects and its places in the maps of topics, without what it keeps. */
    private static final long TOPIC_BYTES = 700;

    /** This part of the bytes for histories is kept free for new messages, as far as older ones can go for them in time. */
    private static final int SPARE_PART = 16;

    private final TopicOptions options;
    private final Memory memory;

    /** In milliseconds of the epoch. */
    private final long began;

    private Runnable onHistoryNearlyFull = () -> {};

    /** Subscriptions that have asked for patches. */
    private final AtomicInteger patchesWanted = new AtomicInteger();

    private final AtomicInteger keys = new AtomicInteger();
    private final AtomicLong valueBytes = new AtomicLong();
    private final AtomicLong historyBytes = new AtomicLong();

    /** When the newest message came that has gone with its topic, in milliseconds of the epoch. */
    private final AtomicLong lostUpTo = new AtomicLong();

    /** Values to come for which there is room already, and the bytes that they will take more. */
    private final AtomicInteger claimedKeys = new AtomicInteger();

    private final AtomicLong claimedBytes = new AtomicLong();

    /** Topics to come that begin to keep messages. */
    private final AtomicInteger claimedTopics = new AtomicInteger();

    /**
     * Room for the values of messages that are published later, or together. Claims count as what is kept does, so that many
     * messages which each find the last place can't all take it. Not thread-safe.
     */
    public final class Claim {

        private int keys;
        private long bytes;
        private int topics;
        private final List<DestinationQuota> quotas = new ArrayList<>(0);

        private Claim() {}

        /** Claims a place among the destinations for a topic that does not exist. */
        public void addTopic() {
            topics++;
            claimedTopics.incrementAndGet();
        }

        /**
         * Claims a place among the destinations of a sender.
         *
         * @throws ProtocolException when it has none left; nothing has changed then
         */
        public void addTo(DestinationQuota quota) {
            quota.add(1);
            quotas.add(quota);
        }

        /**
         * Claims some more.
         *
         * @throws ProtocolException when there is no room for them; nothing has changed then
         */
        void add(int newKeys, long newBytes) {
            checkRoom(newKeys, newBytes);
            keys += newKeys;
            bytes += newBytes;
            claimedKeys.addAndGet(newKeys);
            claimedBytes.addAndGet(newBytes);
        }

        /** The values come now, or not at all. */
        public void giveBack() {
            claimedKeys.addAndGet(-keys);
            claimedBytes.addAndGet(-bytes);
            claimedTopics.addAndGet(-topics);
            quotas.forEach(quota -> quota.remove(1));
            keys = 0;
            bytes = 0;
            topics = 0;
            quotas.clear();
        }
    }

    public RetentionAccount(TopicOptions options, Memory memory) {
        this.options = options;
        this.memory = memory;
        this.began = memory.clock().millis();
    }

    /** Up to when messages may have been published that an earlier life of this broker had, in milliseconds of the epoch. */
    public long lostBefore() {
        return began - 1;
    }

    /** Clock by which what is kept expires. */
    public BrokerClock clock() {
        return memory.clock();
    }

    /** Nothing claimed yet. */
    public Claim claim() {
        return new Claim();
    }

    /** Topics that claims have a place for. */
    public int claimedTopics() {
        return claimedTopics.get();
    }

    /** Last values of all topics. */
    public int keys() {
        return keys.get();
    }

    /** Bytes of the last values of all topics. */
    public long valueBytes() {
        return valueBytes.get();
    }

    /** Bytes of the histories of all topics. */
    public long historyBytes() {
        return historyBytes.get();
    }

    /**
     * Makes sure of a key.
     *
     * @throws ProtocolException when it is too long
     */
    void checkKey(String key) {
        // a character takes at most three octets
        if (key.length() * 3L > options.maxRetainedKeyBytes()) {
            int bytes = key.getBytes(UTF_8).length;
            if (bytes > options.maxRetainedKeyBytes()) {
                throw new ProtocolException(
                        "retain key too long",
                        Limits.exceeded(
                                "the key of the retained value has %,d B",
                                bytes, options.maxRetainedKeyBytes(), "max_retained_key_bytes"));
            }
        }
    }

    /** Whether the next value of a new key, or a larger one, may be too many. */
    boolean isNearlyFull(Message message) {
        return keys.get() + claimedKeys.get() >= options.maxRetainedKeys()
                || valueBytes.get() + claimedBytes.get() + message.size() > options.maxRetainedBytes();
    }

    /**
     * Makes sure that there is room.
     *
     * @param newKeys how many values there would be more
     * @param newBytes how many bytes they would be more
     * @throws ProtocolException when there is none
     */
    void checkRoom(int newKeys, long newBytes) {
        int allKeys = keys.get() + claimedKeys.get();
        long allBytes = valueBytes.get() + claimedBytes.get() + newBytes;
        if (newKeys > 0 && allKeys + newKeys > options.maxRetainedKeys()) {
            throw new ProtocolException(
                    "too many retained values",
                    Limits.exceeded(
                            "the broker has %,d retained values",
                            allKeys, options.maxRetainedKeys(), "max_retained_keys"),
                    CloseCode.OVERLOAD);
        }
        if (newBytes > 0 && allBytes > options.maxRetainedBytes()) {
            throw new ProtocolException(
                    "too many retained values",
                    Limits.exceeded(
                            "the broker's retained values would have %,d B",
                            allBytes, options.maxRetainedBytes(), "max_retained_bytes"),
                    CloseCode.OVERLOAD);
        }
    }

    /** A topic of this name keeps messages, or would keep the next one. */
    public void keepTopic(String name) {
        memory.hold(topicBytes(name));
    }

    /** Forgets a topic that has gone. */
    public void letGoOfTopic(String name) {
        memory.hold(-topicBytes(name));
    }

    /** With a topic that all clients share go messages that came up to a time, in milliseconds of the epoch. */
    public void lost(long upTo) {
        lostUpTo.accumulateAndGet(upTo, Math::max);
    }

    /**
     * Whether no such message had come since the time that is asked for, if there is one.
     *
     * @param lostBefore up to when nothing is known, in milliseconds of the epoch
     */
    public boolean hasAllSince(ReplayRequest request, long lostBefore) {
        return request.from() != ReplayRequest.From.TIME || request.number() > Math.max(lostBefore, lostUpTo.get());
    }

    /** The name is there as a whole and in words. */
    private static long topicBytes(String name) {
        return TOPIC_BYTES + 4L * name.length();
    }

    /** Whether the message takes no more than a value gives back that goes for it. */
    static boolean isWorth(Message value, Message message) {
        return message.size() <= value.size() + VALUE_BYTES;
    }

    void keepValue(String key, Message message) {
        keys.incrementAndGet();
        valueBytes.addAndGet(message.size());
        memory.hold(VALUE_BYTES + 2L * key.length() + (message.keep() ? message.size() : 0));
    }

    void letGoOfValue(String key, Message message) {
        keys.decrementAndGet();
        valueBytes.addAndGet(-message.size());
        memory.hold(-(VALUE_BYTES + 2L * key.length() + (message.letGo() ? message.size() : 0)));
    }

    /** The value before a value is kept, for patches. */
    void keepPrevious(Message message) {
        memory.hold(message.keep() ? message.size() : 0);
    }

    void letGoOfPrevious(Message message) {
        memory.hold(message.letGo() ? -message.size() : 0);
    }

    /** One subscription more wants patches: from now on the value before each value is kept. */
    public void wantPatches() {
        patchesWanted.incrementAndGet();
    }

    /** One subscription less wants them. Without any, the next value of each key is kept alone. */
    public void wantPatchesNoMore() {
        patchesWanted.decrementAndGet();
    }

    boolean arePatchesWanted() {
        return patchesWanted.get() > 0;
    }

    /** What a message counts against the bytes of a history. */
    static long bytes(Message message) {
        return PLACE_BYTES + message.size();
    }

    /** A history keeps a message. */
    void keep(Message message) {
        historyBytes.addAndGet(bytes(message));
        if (isHistoryNearlyFull()) {
            onHistoryNearlyFull.run();
        }
        memory.hold(PLACE_BYTES + (message.keep() ? message.size() : 0));
    }

    /** A history keeps a message no longer. */
    void letGo(Message message) {
        historyBytes.addAndGet(-bytes(message));
        memory.hold(-(PLACE_BYTES + (message.letGo() ? message.size() : 0)));
    }

    /** Whether all histories together keep more than they may. */
    boolean isHistoryFull() {
        return historyBytes.get() > options.maxHistoryBytes();
    }

    /** Whether they keep so much that the oldest messages of all topics should go. */
    public boolean isHistoryNearlyFull() {
        return historyBytes.get() > options.maxHistoryBytes() - options.maxHistoryBytes() / SPARE_PART;
    }

    /**
     * Has this run, with every message that is kept while histories are nearly full; called before any is.
     *
     * @param task does not wait: a topic's lock is held
     */
    public void onHistoryNearlyFull(Runnable task) {
        onHistoryNearlyFull = task;
    }
}

package io.fanfare.topic;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.TopicMember;
import io.fanfare.message.TopicName;
import io.fanfare.retention.Order;
import io.fanfare.retention.Part;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.Retention;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.status.LastValue;
import io.fanfare.status.TopicStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A destination whose messages go to every subscriber, and are kept for later ones as its rule and its senders say. Shared by all loops; its lock gives every
 * message its place and hands it to each loop that has subscribers, so that all of them see one order.
 */
public final class Topic {

    /** Values that operators get while the lock is held once. */
    private static final int VALUES_OF_A_PART = 256;

    private final Destination destination;
    private final long number;
    private final TopicRetention keeping;
    private final Fanout.Shares shares;
    private long sequence;
    private long messagesIn;
    private long messagesOut;

    /** Members that named the topic itself and not a pattern. */
    private int named;

    /** Set when it is not needed any more; a holder of this object must look for a new one. */
    private boolean gone;

    /**
     * A topic without members.
     *
     * @param sequence where it begins to count: not before the end of an earlier topic of its name
     * @param kept told when it begins to keep messages
     */
    Topic(Destination destination, long number, long sequence, KeptTopics kept) {
        this.destination = destination;
        this.number = number;
        this.sequence = sequence;
        List<String> words = List.copyOf(TopicName.split(destination.name()));
        this.shares = new Fanout.Shares(destination, words);
        this.keeping = new TopicRetention(destination, words, kept);
    }

    public Destination destination() {
        return destination;
    }

    /** The place of its last message. */
    synchronized long sequence() {
        return sequence;
    }

    /** What operators see of it, but for its presence, which a lock in front of this one guards. */
    public synchronized TopicStatus status() {
        Retention retention = gone ? null : keeping.retention(sequence, this);
        return new TopicStatus(
                DestinationText.address(destination),
                shares.memberCount(),
                messagesIn,
                messagesOut,
                retention == null ? 0 : retention.valueCount(),
                retention == null ? 0 : retention.historyCount(),
                null);
    }

    /**
     * Hands messages to every subscriber of this moment, with nothing between them; called by any thread.
     *
     * @param checked whether {@link #check} has found that they can be kept
     * @return how many members they were handed to; -1 when the topic has gone
     * @throws ProtocolException when they can't be kept; then nothing has happened
     */
    synchronized int publish(List<Message> messages, PatternIndex patterns, boolean checked) {
        Retention retention = gone ? null : keeping.retention(messages, sequence, this, checked);
        if (isGone(patterns)) {
            return -1;
        }
        int members = shares.memberCount();
        messagesIn += messages.size();
        messagesOut += (long) members * messages.size();
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            keeping.place(message, number, ++sequence, retention);
            shares.post(message);
        }
        return members;
    }

    /**
     * Publishes a message that has got its place outside of this node, as {@link #publish}. One that is not behind the last one
     * came before, and goes nowhere.
     */
    synchronized int publishAt(long place, Message message, PatternIndex patterns) {
        if (!gone && place <= sequence) {
            return 0;
        }
        // those between belong to other topics
        sequence = place - 1;
        return publish(List.of(message), patterns, true);
    }

    /**
     * Lets go of everything that it keeps, at a place outside of this node, as {@link #publishAt}.
     *
     * @return how many last values and messages; -1 when the topic has gone
     */
    synchronized long clearAt(long place) {
        Retention retention = gone ? null : keeping.retention(sequence, this);
        if (gone || place <= sequence) {
            return gone ? -1 : 0;
        }
        sequence = place;
        long count = clear();
        if (retention != null) {
            retention.lost(place);
        }
        return count;
    }

    /** Where the places of its messages come from has changed, from one order to another, or it has lost messages. */
    synchronized void follow(Order old, Order order) {
        if (!gone && keeping.follow(old, order)) {
            sequence = Math.max(sequence, order.epoch().base());
        }
    }

    /** Members that named the topic itself. */
    synchronized int namedCount() {
        return named;
    }

    /** Whether it is not needed any more: no subscriber names it, no pattern matches it, and it keeps nothing. */
    synchronized boolean isGone(PatternIndex patterns) {
        if (!gone) {
            shares.lookFor(patterns, sequence);
            gone = shares.isEmpty() && !keeping.isOn();
        }
        return gone;
    }

    /**
     * Adds a member by name, on its loop.
     *
     * @param request what it wants of what the topic keeps
     * @return where it begins in that; null when the topic has gone in the meantime and a new one is needed
     */
    @Nullable
    Position add(TopicMember member, TopicLoop state, ReplayRequest request) {
        Fanout fanout;
        Position position;
        synchronized (this) {
            if (gone) {
                return null;
            }
            position = position(request);
            Fanout.Shares.Share share = shares.of(state);
            fanout = share.fanout;
            share.named++;
            named++;
        }
        if (position.store() != Position.Store.NOTHING && member instanceof TopicSubscriber subscriber) {
            subscriber.backlogs().hold(subscriber);
        }
        fanout.add(member, position.joined());
        return position;
    }

    /**
     * Removes a member by name, on its loop; nothing happens when it is none.
     *
     * @return whether no member by name is left and the topic has gone
     */
    public boolean remove(TopicMember member, TopicLoop state) {
        Fanout.Shares.Share share = find(state);
        if (share == null || !share.fanout.remove(member)) {
            return false;
        }
        synchronized (this) {
            share.named--;
            named--;
            // patterns alone bring it up anew with the next message
            if (!evict() && share.isEmpty()) {
                shares.removeLeft();
            }
            return gone;
        }
    }

    /** Lets go of a topic that only patterns brought up: the next message brings it up anew. */
    synchronized boolean evict() {
        if (named == 0 && !keeping.isOn()) {
            go();
        }
        return gone;
    }

    private void go() {
        gone = true;
        shares.clear();
    }

    // ---- what it keeps --------------------------------------------------------------------------------------------

    /**
     * Makes sure that the messages can be kept as they ask.
     *
     * @param claim takes the room for them
     * @return false when the topic has gone
     * @throws ProtocolException when they can't
     */
    synchronized boolean check(List<Message> messages, RetentionAccount.Claim claim) {
        if (!gone) {
            keeping.check(messages, sequence, this, claim);
        }
        return !gone;
    }

    /** Whether a message takes a last value away that frees as much as the message takes. */
    synchronized boolean makesRoom(Message message) {
        return kept().map(retention -> retention.makesRoom(message)).orElse(false);
    }

    /** Where a subscription begins in what it keeps. */
    public synchronized Position position(ReplayRequest request) {
        return gone ? Position.nothing(request) : keeping.position(request, number, sequence, this);
    }

    /** As {@link #position}, for a member by pattern, which joins in the same step unless it has joined before. */
    synchronized Position visit(ReplayRequest request, PatternIndex patterns) {
        isGone(patterns);
        return position(request);
    }

    /**
     * Reads a part of what it keeps.
     *
     * @param after the sequence behind which to begin
     * @return how many messages its history has behind that sequence, up to the end of what was asked for
     */
    public synchronized int read(Position position, long after, Part into) {
        Retention retention = gone ? null : keeping.retention(sequence, this);
        if (retention == null) {
            return 0;
        }
        retention.read(position.store(), after, position.joined(), into);
        return retention.historyCount(after, position.joined());
    }

    /**
     * Lets go of what has expired.
     *
     * @param now by {@link io.fanfare.loop.BrokerClock#uptimeMillis}
     * @return how many messages, at most so many
     */
    synchronized int sweep(long now, int most) {
        int removed = kept().map(retention -> retention.sweep(now, most)).orElse(0);
        gone |= shares.isEmpty() && keeping.endIfIdle();
        return removed;
    }

    /** As {@link Retention#trimHistory}. */
    synchronized long trimHistory(long upTo, int most) {
        return kept().map(retention -> retention.trimHistory(upTo, most)).orElse(Long.MAX_VALUE);
    }

    /**
     * Last values behind a place, in order. The lock is held for a part of them at a time.
     *
     * @param maxBytes of bodies; the first value comes however large it is
     */
    public List<LastValue> lastValues(long after, int most, long maxBytes) {
        List<LastValue> found = new ArrayList<>();
        long bytes = 0;
        long place = after;
        while (found.size() < most) {
            List<LastValue> part = lastValues(place, Math.min(VALUES_OF_A_PART, most - found.size()));
            if (part.isEmpty()) {
                return found;
            }
            for (LastValue value : part) {
                bytes += value.body().length;
                if (bytes > maxBytes && !found.isEmpty()) {
                    return found;
                }
                found.add(value);
                place = value.sequence();
            }
        }
        return found;
    }

    private synchronized List<LastValue> lastValues(long after, int most) {
        return kept().map(retention -> retention.lastValues(after, most)).orElse(List.of());
    }

    /**
     * Lets go of everything that it keeps.
     *
     * @return how many last values and messages
     */
    public synchronized long clear() {
        return kept().map(Retention::clear).orElse(0L);
    }

    private Optional<Retention> kept() {
        return gone ? Optional.empty() : Optional.ofNullable(keeping.retention(sequence, this));
    }

    /** Counted down when a loop has handed out messages of it that wait until subscribers have room; empty: none wait. */
    public synchronized Optional<CountDownLatch> relief() {
        return Optional.ofNullable(shares.relief());
    }

    /** Without members it keeps no more, and is not needed. */
    synchronized void end() {
        gone |= shares.isEmpty() && keeping.end();
    }

    /** Whether it keeps messages, or would keep the next one. */
    synchronized boolean keeps() {
        return keeping.isOn();
    }

    /** Whether it has gone. */
    synchronized boolean isUnneeded() {
        return gone;
    }

    private synchronized Fanout.Shares.@Nullable Share find(TopicLoop state) {
        return shares.find(state);
    }
}

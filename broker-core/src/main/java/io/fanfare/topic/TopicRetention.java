package io.fanfare.topic;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.Sender;
import io.fanfare.options.TopicRule;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.retention.Order;
import io.fanfare.retention.Position;
import io.fanfare.retention.ReplayRequest;
import io.fanfare.retention.Retention;
import io.fanfare.retention.RetentionAccount;
import io.fanfare.retention.RetentionRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Retention state of one topic: its {@link Retention}, under the rules in force. Guarded by the topic's lock.
 */
final class TopicRetention {

    /**
     * For so many sweeps, one a second, a topic that keeps nothing and has no subscribers stays, so that its epoch outlives a
     * reconnect.
     */
    static final int GRACE_SWEEPS = 60;

    private final Destination destination;
    private final List<String> words;
    private final KeptTopics kept;

    /** In which clients see the places of its messages; null before one sees them. */
    private Message.@Nullable Epoch epoch;

    /** That its messages get their places in, outside of this node; null: the topic counts them. */
    private @Nullable Order order;

    /** Null: it keeps nothing, and its messages have no numbers that clients see. */
    private @Nullable Retention retention;

    /** Of the connection whose message began it; null: no connection's did. */
    private @Nullable DestinationQuota quota;

    /** The rules that the retention agrees with; null: it has not looked yet. */
    private @Nullable RetentionRules rulesKnown;

    /** Nothing kept yet. */
    TopicRetention(Destination destination, List<String> words, KeptTopics kept) {
        this.destination = destination;
        this.words = words;
        this.kept = kept;
    }

    /** Whether it keeps messages, or would keep the next one. */
    boolean isOn() {
        return retention != null;
    }

    /**
     * What the rules of this moment have it keep.
     *
     * @param sequence of the topic
     * @return null: nothing
     */
    @Nullable
    Retention retention(long sequence, Topic owner) {
        RetentionRules rules = kept.rules();
        if (rules != rulesKnown) {
            rulesKnown = rules;
            TopicRule rule = rules.find(destination, words);
            if (retention != null || (rule != null && rule.keeps())) {
                Retention keeping = begin(owner);
                // behind the begin: an order that changes meanwhile finds this topic
                follow(kept.orders().of(rule));
                // what is kept outside of this node outlives it
                keeping.rule(
                        rule,
                        order == null ? sequence : order.lostUpTo(),
                        order == null ? kept.account().lostBefore() : 0);
            }
        }
        return retention;
    }

    private void follow(@Nullable Order newOrder) {
        order = newOrder;
        epoch = newOrder == null ? epoch : newOrder.epoch();
    }

    /**
     * The order of its rule begins anew, or has lost what it had up to some place.
     *
     * @return whether the topic is one of that order
     */
    boolean follow(Order old, Order newOrder) {
        if (retention == null || order != old) {
            return false;
        }
        if (newOrder != old) {
            retention.clear();
        }
        follow(newOrder);
        retention.lost(newOrder.lostUpTo());
        return true;
    }

    /** Gives a message its place, and keeps it as far as it is to be kept. */
    void place(Message message, long topic, long place, @Nullable Retention keeping) {
        if (keeping == null) {
            message.place(topic, place);
        } else {
            message.placeNumbered(topic, place, epoch(topic));
            // one that comes from elsewhere may have been published long ago
            keeping.add(message, order == null ? 0 : message.age(kept.account().clock()));
        }
    }

    private Message.Epoch epoch(long topic) {
        if (epoch == null) {
            epoch = kept.epoch(topic);
        }
        return epoch;
    }

    /**
     * As {@link #retention(long, Topic)}, when these messages come, which may ask to be kept. A topic that begins to keep messages
     * needs no subscriber, and is there because of their sender.
     *
     * @param checked whether {@link #check} has found that they can be kept
     * @throws ProtocolException when they can't; nothing has changed then
     */
    @Nullable
    Retention retention(List<Message> messages, long sequence, Topic owner, boolean checked) {
        if (retention == null && wouldBegin(messages)) {
            if (!checked) {
                // before it begins: a message that is refused leaves no trace
                messages.forEach(kept.retention(destination)::check);
            }
            count(messages.get(0).sender(), !checked);
            begin(owner);
        }
        Retention keeping = retention(sequence, owner);
        if (keeping != null && !checked) {
            messages.forEach(keeping::check);
        }
        return keeping;
    }

    /**
     * Makes sure that messages can be kept which come later, or together with others. Whether the topic begins to keep messages
     * is for these others to say, too.
     *
     * @param claim takes the room for them
     * @throws ProtocolException when they can't
     */
    void check(List<Message> messages, long sequence, Topic owner, RetentionAccount.Claim claim) {
        if (retention == null && wouldBegin(messages)) {
            kept.check(destination, messages, claim);
            return;
        }
        Retention keeping = retention(sequence, owner);
        if (keeping != null) {
            keeping.check(messages, claim);
        }
    }

    private boolean wouldBegin(List<Message> messages) {
        RetentionRules rules = kept.rules();
        if (rules != rulesKnown) {
            TopicRule rule = rules.find(destination, words);
            if (rule != null && rule.keeps()) {
                return true;
            }
        }
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).properties().retain() == Retain.SET) {
                return true;
            }
        }
        return false;
    }

    private void count(@Nullable Sender sender, boolean mayRefuse) {
        if (sender == null) {
            return;
        }
        try {
            sender.quota().add(1);
            quota = sender.quota();
        } catch (ProtocolException e) {
            if (mayRefuse) {
                throw e;
            }
        }
    }

    private Retention begin(Topic owner) {
        Retention keeping = retention;
        if (keeping == null) {
            keeping = new Retention(kept.account());
            retention = keeping;
            kept.add(owner);
        }
        return keeping;
    }

    /**
     * Where a subscription begins that joins now.
     *
     * @param topic the topic's number
     */
    Position position(ReplayRequest request, long topic, long sequence, Topic owner) {
        Retention keeping = retention(sequence, owner);
        return keeping == null
                ? Position.nothing(request, sequence)
                : keeping.position(request, sequence, epoch(topic), order == null ? sequence : order.furthest());
    }

    /** Ends, where nothing is kept and it was not used for a while. */
    boolean endIfIdle() {
        return retention != null && retention.isEmpty() && retention.idleSweeps() > GRACE_SWEEPS && end();
    }

    /** Keeps nothing any more, until a message or a subscriber comes to a new topic; true. */
    boolean end() {
        if (retention != null && destination.isShared()) {
            kept.account().lost(retention.lostTime());
        }
        retention = null;
        if (quota != null) {
            quota.remove(1);
            quota = null;
        }
        return true;
    }
}

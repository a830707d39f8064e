package io.fanfare.topic;

import io.fanfare.compression.Compression;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.List;

/** A subscription of a peer; what it asks for is set before it joins a topic. */
final class TestSubscription implements TopicSubscriber {

    private final TestPeer peer;
    private final String id;
    private final List<Destination> destinations;
    private DeliveryPolicy policy = DeliveryPolicy.NONE;
    private MessageFilter filter = MessageFilter.ALL;
    private boolean hasValuesBefore = true;
    private boolean active = true;
    private boolean isBroken;
    private int looks;

    TestSubscription(TestPeer peer, String id, Destination... destinations) {
        this.peer = peer;
        this.id = id;
        this.destinations = List.of(destinations);
    }

    TestSubscription with(DeliveryPolicy its) {
        policy = its;
        return this;
    }

    TestSubscription with(MessageFilter its) {
        filter = its;
        return this;
    }

    TestSubscription withoutValuesBefore() {
        hasValuesBefore = false;
        return this;
    }

    /** The next to ask for its outbox meets a bug. */
    void breaks() {
        isBroken = true;
    }

    TestPeer peer() {
        return peer;
    }

    /** UNSUBSCRIBE, as far as the subscription itself has to do with it. */
    void end() {
        active = false;
        peer.backlogs().end(this);
    }

    @Override
    public String owner() {
        return "";
    }

    @Override
    public Outbox outbox() {
        if (isBroken) {
            isBroken = false;
            throw new IllegalStateException("a bug");
        }
        return peer.outbox();
    }

    @Override
    public Encoding encoding() {
        return new Encoding(StompVersion.V1_2, Framing.TCP, Compression.NONE, id);
    }

    @Override
    public MessageFilter filter() {
        return filter;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isComposite() {
        return destinations.size() > 1;
    }

    @Override
    public List<Destination> destinations() {
        return destinations;
    }

    @Override
    public DeliveryPolicy policy() {
        return policy;
    }

    @Override
    public boolean hasValuesBefore() {
        return hasValuesBefore;
    }

    /** How often its backlogs have been looked at. */
    int looks() {
        return looks;
    }

    @Override
    public BackloggedSubscriptions backlogs() {
        looks++;
        return peer.backlogs();
    }
}

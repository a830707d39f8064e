package io.fanfare.client;

import io.fanfare.client.Live.Member;
import io.fanfare.client.Live.PresenceChange;
import io.fanfare.frame.Frame;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The sessions that are subscribed to a topic, as its broker tells. Guarded by its follower's lock, but for the view. */
final class LiveMembers {

    private final String destination;
    private final Object lock;

    /** null: the caller wants no presence, or the destination has none. */
    private final @Nullable BiConsumer<PresenceChange, Map<String, Member>> onPresence;

    private final Map<String, Member> members = new ConcurrentHashMap<>();
    private @Nullable StompClient client;
    private @Nullable Subscription subscription;

    /** The sessions that the subscription has told of while its list is not complete; others are gone. */
    private final Set<String> here = new HashSet<>();

    /** The number of the subscription; what comes late for one before does not count. */
    private long attempt;

    LiveMembers(String topic, @Nullable BiConsumer<PresenceChange, Map<String, Member>> onPresence, Object lock) {
        this.destination = "/presence" + topic;
        this.onPresence = onPresence;
        this.lock = lock;
    }

    Map<String, Member> view() {
        return Collections.unmodifiableMap(members);
    }

    /** Not before the broker has shown what it is: others refuse the destination, and close the connection. */
    void watch(StompClient on) {
        if (onPresence == null || subscription != null) {
            return;
        }
        long mine = attempt;
        client = on;
        here.clear();
        Subscription begun = on.subscribe(destination, message -> met(mine, message));
        subscription = begun;
        begun.confirmed().exceptionally(refusal -> {
            if (on.isOpen()) {
                Callbacks.log(new StompException("no presence of " + destination, refusal));
            }
            return null;
        });
    }

    /** What is known of the members stays. */
    void leave() {
        attempt++;
        if (subscription != null && client != null && client.isOpen()) {
            subscription.unsubscribe();
        }
        subscription = null;
    }

    private void met(long of, Frame message) {
        synchronized (lock) {
            if (of == attempt) {
                met(message);
            }
        }
    }

    private void met(Frame message) {
        // the end of an empty list has no type and no member
        String type = message.headers().find("presence").orElse("here");
        Member member = message.body().length == 0 ? null : MemberReader.read(message);
        switch (type) {
            case "here" -> here(member, message.headers().has("snapshot", "end"));
            case "join" -> changed(PresenceChange.Type.JOIN, member);
            case "leave" -> changed(PresenceChange.Type.LEAVE, member);
            default -> {
                // a kind that a later broker may have
            }
        }
    }

    private void here(@Nullable Member member, boolean isEnd) {
        if (member != null) {
            members.put(member.session(), member);
            here.add(member.session());
        }
        if (isEnd) {
            members.keySet().retainAll(here);
            here.clear();
            tell(new PresenceChange(PresenceChange.Type.HERE, null));
        }
    }

    private void changed(PresenceChange.Type type, @Nullable Member member) {
        if (member == null) {
            return;
        }
        if (type == PresenceChange.Type.LEAVE) {
            members.remove(member.session());
        } else {
            members.put(member.session(), member);
        }
        tell(new PresenceChange(type, member));
    }

    private void tell(PresenceChange change) {
        BiConsumer<PresenceChange, Map<String, Member>> callback = onPresence;
        if (callback != null) {
            Callbacks.run(() -> callback.accept(change, view()), "onPresence");
        }
    }
}

package io.fanfare.broker;

import io.fanfare.queue.AckMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A subscription as the model knows it. */
final class ModelSubscription {

    final ModelClient client;
    final String id;
    final List<String> targets;
    final AckMode ackMode;
    final int selector;
    final boolean noLocal;
    final boolean exclusive;
    final int priority;
    final int prefetch;

    /** Where it takes from: the queues it names, and one of its own for all topics whose messages it acknowledges. */
    final List<ModelConsumer> consumers = new ArrayList<>();

    /** Topic messages it has yet to see, in order. */
    final ArrayDeque<String> expected = new ArrayDeque<>();

    /** Until the client says otherwise. */
    boolean active = true;

    /** Whether the client has seen the RECEIPT of the SUBSCRIBE, and of the UNSUBSCRIBE. */
    boolean confirmed;

    boolean ended;

    ModelSubscription(ModelClient client, String id, List<String> targets, ModelStep step) {
        this.client = client;
        this.id = id;
        this.targets = targets;
        int choice = step.second();
        AckMode[] modes = {AckMode.AUTO, AckMode.CLIENT, AckMode.CLIENT_INDIVIDUAL};
        this.ackMode = modes[choice % 3];
        this.prefetch = 1 + choice / 3 % 4;
        boolean onTopics = targets.stream().anyMatch(target -> target.startsWith("/topic/"));
        this.exclusive = !onTopics && choice / 12 % 8 == 0;
        this.priority = !onTopics && choice / 96 % 3 == 0 ? choice / 288 % 3 : 0;
        this.selector = step.third() % 2 == 0 ? 0 : step.third() / 2 % ModelMessage.SELECTOR_COUNT;
        this.noLocal = step.third() / 16 % 6 == 0;
    }

    /** Its half in the queue for its topics; null: it has none. */
    ModelConsumer ownConsumer() {
        return consumers.stream()
                .filter(each -> each.queue.isPrivate())
                .findFirst()
                .orElse(null);
    }

    boolean accepts(ModelMessage message) {
        return message.matches(selector) && !(noLocal && message.publisher() == client);
    }

    String frame(String receipt) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:" + String.join(",", targets) + "\nreceipt:" + receipt + "\nack:"
                + ackMode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "\nprefetch-count:" + prefetch
                + (selector > 0 ? "\nselector:" + ModelMessage.selector(selector) : "")
                + (noLocal ? "\nno-local:true" : "")
                + (exclusive ? "\nexclusive:true" : "")
                + (priority > 0 ? "\nx-priority:" + priority : "")
                + "\n\n^@";
    }

    /** Whether a destination that it names is, or matches, this one. */
    static boolean matches(String target, String destination) {
        if (!target.startsWith("/topic/")) {
            return target.equals(destination);
        }
        String pattern = target.substring(7)
                .replace(".", "\\.")
                .replace("*", "[^./]+")
                .replaceAll("\\\\\\.#$", "(\\\\..*)?")
                .replaceAll("^#$", ".*");
        return destination.startsWith("/topic/") && destination.substring(7).matches(pattern);
    }

    @Override
    public String toString() {
        return id + " of " + client;
    }
}

package io.fanfare.testkit;

import io.fanfare.status.SubscriptionStatus;
import io.fanfare.testkit.internal.Clients;
import io.fanfare.testkit.internal.DestinationMatch;
import io.fanfare.testkit.internal.Failure;
import java.util.List;
import java.util.function.Function;

/** Text of a failed expectation: what was expected, what came instead, where, and which clients are subscribed. */
record FailureText(PublicationLog record, Clients clients, List<String> queues, Function<String, TestQueue> queue)
        implements Failure {

    private static final int SHOWN = 20;

    @Override
    public AssertionError of(String what, String destination) {
        StringBuilder text = new StringBuilder(what);
        List<PublishedMessage> there =
                record.all(message -> DestinationMatch.matches(destination, message.destination()));
        if (!destination.isEmpty()) {
            list(text, "published there", there);
        }
        list(text, "published elsewhere", record.all(message -> !there.contains(message)));
        if (record.forgotten() > 0) {
            text.append("\n(").append(record.forgotten()).append(" older messages are not kept)");
        }
        listClients(text);
        for (String each : queues) {
            list(text, "waiting in " + each, queue.apply(each).bodies());
        }
        return new AssertionError(text.toString());
    }

    private void listClients(StringBuilder text) {
        try {
            list(
                    text,
                    "connections",
                    clients.all().stream()
                            .map(each -> name(each.user(), each.id()))
                            .toList());
            list(
                    text,
                    "subscriptions",
                    clients.select(all -> true).stream().map(FailureText::line).toList());
        } catch (AssertionError e) {
            // what was expected is said all the same
            text.append("\nconnections: ").append(e.getMessage());
        }
    }

    private static String line(SubscriptionStatus each) {
        return String.join(", ", each.destinations()) + " by " + name(each.user(), each.connection())
                + (each.selector().isEmpty() ? "" : " where " + each.selector());
    }

    private static String name(String user, String session) {
        return (user.isEmpty() ? "an anonymous client" : user) + " (session " + session + ")";
    }

    private static void list(StringBuilder text, String title, List<?> lines) {
        text.append("\n").append(title).append(": ").append(lines.isEmpty() ? "none" : lines.size());
        lines.stream()
                .skip(Math.max(0, lines.size() - SHOWN))
                .forEach(each -> text.append("\n  ").append(each));
    }
}

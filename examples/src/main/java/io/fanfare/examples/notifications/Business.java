package io.fanfare.examples.notifications;

import io.fanfare.examples.notifications.BackEnd.Notification;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes up what happens in a shop, and has its customers told: one of them at a time, at an interval. */
final class Business implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Business.class);

    private static final List<Notification> EVENTS = List.of(
            new Notification("Orders", "Order 4711 is paid", "Thank you. We pack it now."),
            new Notification("Shipping", "Parcel handed over", "Your parcel has left the warehouse in Bremen."),
            new Notification("Wishlist", "The blue kettle is back", "Nine pieces are in stock again."),
            new Notification("Shipping", "Parcel in your town", "It will be delivered tomorrow between 9 and 12."),
            new Notification("Support", "Answer to your question", "Yes, the lid fits the old model, too."),
            new Notification("Orders", "Invoice for order 4711", "You find it under your orders."),
            new Notification("Shipping", "Parcel delivered", "It was left with your neighbour at number 12."),
            new Notification(
                    "Account", "New log-in", "Somebody logged in from a browser that we had not seen before."));

    private final BackEnd backEnd;
    private final List<String> users;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "notifications-business");
        daemon.setDaemon(true);
        return daemon;
    });

    // owned by the thread
    private int happened;

    private Business(BackEnd backEnd, List<String> users) {
        this.backEnd = backEnd;
        this.users = users;
    }

    static Business start(BackEnd backEnd, List<String> users, Duration every) {
        Business business = new Business(backEnd, users);
        if (!every.isZero()) {
            business.thread.scheduleAtFixedRate(
                    business::happen, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return business;
    }

    /** Tells each event to all users in turn, then the next one. */
    private void happen() {
        String user = users.get(happened % users.size());
        Notification event = EVENTS.get(happened / users.size() % EVENTS.size());
        happened++;
        try {
            backEnd.push(user, event);
        } catch (UncheckedIOException e) {
            // the executor does not repeat a task that has thrown
            LOG.warn("{}", e.getMessage());
        }
    }

    /** Ends behind what is being pushed, after 10 s at most. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}

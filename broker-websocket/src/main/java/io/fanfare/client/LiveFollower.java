package io.fanfare.client;

import io.fanfare.client.Live.Gap;
import io.fanfare.client.Live.Reason;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Work of a {@link Live} on the wire: one subscription after the other, each behind the last message of the one before
 * where the broker has a history. Safe for use by several threads; callbacks run under its lock, so that they see what has
 * happened in order, on whichever connection.
 */
final class LiveFollower {

    /** Whether the broker keeps anything for the destination. */
    private enum Keeps {
        UNKNOWN,
        YES,
        NO
    }

    private final String destination;
    private final LiveOptions options;
    private final ClientTimer timer;
    private final Live live;
    private final LiveValues values;
    private final LiveMembers members;

    /** One topic: it has a cursor. */
    private final boolean isSingle;

    private @Nullable StompClient client;
    private @Nullable Subscription subscription;

    /** Ends the renewal of the client's token. */
    private Runnable renewal = () -> {};

    /** The number of the subscription; what comes late for one before does not count. */
    private long attempt;

    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private @Nullable Future<?> patience;
    private @Nullable BinaryOperator<byte[]> mergePatch;
    private Keeps keeps = Keeps.UNKNOWN;
    private boolean isClosed;
    private boolean isCurrent;
    private boolean wasCurrent;

    /** The last message that the map has, {@code EPOCH/SEQ}; null: there is no place to resume. */
    private @Nullable String cursor;

    /** The cursor as soon as the map is complete. */
    private @Nullable String joined;

    /** How many messages are to come before the map is complete; 0: the end of the snapshot says so. */
    private long expected;

    LiveFollower(String destination, LiveOptions options, ClientTimer timer, Live live) {
        this.destination = destination;
        this.options = options;
        this.timer = timer;
        this.live = live;
        this.mergePatch = options.mergePatch();
        this.isSingle = destination.chars().noneMatch(c -> "*#>,".indexOf(c) >= 0);
        this.values = new LiveValues(
                options.key(), change -> Callbacks.run(() -> options.onChange().accept(change), "onChange"));
        this.members = new LiveMembers(destination, isSingle ? options.onPresence() : null, this);
    }

    Map<String, Frame> state() {
        return values.view();
    }

    Map<String, Live.Member> members() {
        return members.view();
    }

    synchronized boolean isCurrent() {
        return isCurrent;
    }

    synchronized CompletableFuture<Void> ready() {
        return ready.copy();
    }

    synchronized Optional<String> cursor() {
        return Optional.ofNullable(cursor);
    }

    synchronized CompletableFuture<Void> attach(StompClient to) {
        if (isClosed) {
            throw new IllegalStateException("closed: " + destination);
        }
        leave();
        goFrom();
        client = to;
        if (options.token() != null) {
            renewal = to.renewTokens(options.token(), options.onError());
        }
        if (wasCurrent && cursor == null && keeps == Keeps.YES) {
            gap(Reason.SNAPSHOT, 0);
        }
        subscribe(to);
        return ready.copy();
    }

    synchronized void refresh() {
        cursor = null;
        StompClient to = client;
        if (!isClosed && to != null && to.isOpen()) {
            leave();
            subscribe(to);
        }
    }

    synchronized void close() {
        isClosed = true;
        leave();
        goFrom();
        ready.completeExceptionally(new StompException("closed: " + destination));
    }

    private void leave() {
        attempt++;
        isCurrent = false;
        stopWaiting();
        if (subscription != null && client != null && client.isOpen()) {
            subscription.unsubscribe();
        }
        subscription = null;
    }

    /** Leaves the client to others. */
    private void goFrom() {
        members.leave();
        renewal.run();
    }

    // ---- the subscription

    private void subscribe(StompClient to) {
        long mine = attempt;
        if (ready.isDone()) {
            ready = new CompletableFuture<>();
        }
        values.begin(cursor == null);
        joined = null;
        expected = 0;
        Subscription begun = to.subscribe(destination, headers(), message -> received(mine, message));
        subscription = begun;
        begun.confirmed().whenComplete((receipt, failure) -> {
            if (failure == null) {
                subscribed(mine, to, receipt.headers());
            } else {
                lost(mine, failure);
            }
        });
        begun.ended().thenAccept(reason -> lost(mine, reason));
    }

    private Headers headers() {
        String from = cursor != null || wasCurrent ? cursor : options.from();
        return Headers.builder()
                .add("retained", "true")
                .addIfPresent("delta", mergePatch == null ? null : "merge-patch")
                .addIfPresent("from", from)
                .build()
                .with(options.headers());
    }

    /** The RECEIPT of SUBSCRIBE says what the broker does, and where the subscription begins. */
    private synchronized void subscribed(long of, StompClient on, Headers receipt) {
        if (of != attempt) {
            return;
        }
        patience = timer.after(options.patience(), () -> outOfPatience(of));
        if (!isSingle) {
            // each topic begins somewhere else: the end of the snapshot is the end of all of them
            keeps = receipt.has("retained") ? Keeps.YES : keeps;
            return;
        }
        keeps = receipt.has("retained") || receipt.has("seq") ? Keeps.YES : Keeps.NO;
        if (keeps == Keeps.NO) {
            unsupported();
            return;
        }
        joined = cursorIn(receipt);
        if (receipt.has("recovered", "false")) {
            cursor = null;
            values.begin(true);
            gap(Reason.NOT_RECOVERED, 0);
        }
        if (of == attempt && number(receipt, "retained") == 0) {
            expected = number(receipt, "replayed");
            if (expected == 0) {
                complete();
            }
        }
        if (of == attempt) {
            members.watch(on);
        }
    }

    private synchronized void outOfPatience(long of) {
        if (of != attempt) {
            return;
        }
        if (!isSingle && keeps == Keeps.UNKNOWN) {
            unsupported();
        } else if (!values.isSnapshot()) {
            // a selector may leave out some of what was to come; what is late may be lost yet, so that no place behind
            // it is one to resume
            joined = cursor;
            complete();
        }
    }

    /** The broker keeps nothing: the map holds what comes from now on. */
    private void unsupported() {
        long of = attempt;
        keeps = Keeps.NO;
        values.dropSnapshot();
        gap(Reason.UNSUPPORTED, 0);
        if (of == attempt) {
            complete();
        }
    }

    /** The subscription was refused, or its connection has ended. */
    private synchronized void lost(long of, Throwable reason) {
        if (of == attempt) {
            isCurrent = false;
            stopWaiting();
            ready.completeExceptionally(reason);
        }
    }

    // ---- messages

    private synchronized void received(long of, Frame message) {
        Headers headers = message.headers();
        long dropped = number(headers, "dropped");
        if (of == attempt && dropped > 0) {
            gap(Reason.DROPPED, dropped);
        }
        if (of != attempt) {
            return;
        }
        boolean isEnd = headers.has("snapshot", "end");
        boolean isRetained = headers.has("retained", "true");
        String place = cursorIn(headers);
        if (keeps == Keeps.UNKNOWN && (isRetained || place != null)) {
            keeps = Keeps.YES;
        }
        // an empty snapshot has an end without a value; a value, which may be empty, has a place
        boolean isValue = message.body().length > 0 || place != null || !isEnd;
        if ((isValue && !take(message)) || of != attempt) {
            return;
        }
        if (isSingle && place != null && !isRetained) {
            joined = place;
            // what is behind a part of a snapshot is no place to resume
            if (!values.isSnapshot()) {
                cursor = place;
            }
        }
        if (isEnd || (expected > 0 && --expected == 0)) {
            complete();
        }
    }

    /** Takes a value; false: it can't be known, and the snapshot is taken anew. */
    private boolean take(Frame message) {
        String key = values.keyOf(message);
        Frame whole = whole(key, message);
        if (whole == null) {
            gap(Reason.PATCH, 0);
            refresh();
            return false;
        }
        if (message.headers().has("retain", "remove")) {
            values.remove(key, message);
        } else {
            values.set(key, whole, mergePatch != null);
        }
        Callbacks.run(() -> options.onMessage().accept(whole), "onMessage");
        return true;
    }

    private @Nullable Frame whole(String key, Frame message) {
        try {
            return values.whole(key, message, mergePatch);
        } catch (RuntimeException e) {
            mergePatch = null;
            Callbacks.log(new StompException("a patch for " + key + " of " + destination + " can't be applied", e));
            return null;
        }
    }

    /** The map is the present. */
    private void complete() {
        if (isCurrent && !values.isSnapshot()) {
            return;
        }
        values.endSnapshot();
        stopWaiting();
        expected = 0;
        cursor = joined;
        isCurrent = true;
        wasCurrent = true;
        ready.complete(null);
        Callbacks.run(() -> options.onState().accept(live), "onState");
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    private void gap(Reason reason, long messages) {
        Callbacks.run(() -> options.onGap().accept(new Gap(reason, messages), live), "onGap");
    }

    private static @Nullable String cursorIn(Headers headers) {
        String epoch = headers.get("epoch");
        String seq = headers.get("seq");
        return epoch == null || seq == null ? null : epoch + "/" + seq;
    }

    /** A header's number; 0 where there is none, or another broker's that is none. */
    private static long number(Headers headers, String name) {
        String value = headers.get(name);
        return value != null && value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }
}

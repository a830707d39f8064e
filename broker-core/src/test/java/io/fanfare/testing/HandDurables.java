package io.fanfare.testing;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import io.fanfare.frame.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Durable subscriptions that the nodes of one test share; the test may hold claims and what confirms saves and ends. */
public final class HandDurables implements DurableRegistry {

    private final Map<DurableKey, Kept> kept = new LinkedHashMap<>();
    private final Queue<Hold> waiting = new ArrayDeque<>();

    /** Claims wait for {@link #grants} or {@link #refuses}. */
    public boolean holdsClaims;

    /** What waits to be confirmed; confirmed at once unless {@link #holdsConfirmations}. */
    public final Queue<CompletableFuture<Void>> unconfirmed = new ArrayDeque<>();

    public boolean holdsConfirmations;

    /** What has been saved, such as {@code 7 open [3]}. */
    public final List<String> saves = new ArrayList<>();

    /** What connections told when they left, such as {@code 7 open [3] maybe 0}. */
    public final List<String> leaves = new ArrayList<>();

    private static final class Kept {
        private final DurableTerms terms;
        private DurableProgress progress;
        private long maybe;
        private @Nullable Hold holder;

        /** Has left it, and may still save what has been settled since; null: the holder has it. */
        private @Nullable Hold last;

        /** Gets it when the holder before has left. */
        private @Nullable Hold next;

        private Kept(DurableTerms terms, DurableProgress progress) {
            this.terms = terms;
            this.progress = progress;
        }
    }

    @Override
    public CompletionStage<DurableClaim> claim(
            DurableKey key, DurableTerms terms, DurableProgress start, Claimant claimant) {
        Hold hold = new Hold(key, terms, start, claimant);
        waiting.add(hold);
        if (!holdsClaims) {
            grants();
        }
        // as where the answer comes by way of others: a failure is wrapped
        return hold.ready.thenApply(claim -> claim);
    }

    /** The oldest claim that waits is granted, once the connection that has it has left. */
    public void grants() {
        Hold hold = waiting.remove();
        Kept before = kept.get(hold.key);
        if (before == null || !before.terms.equals(hold.terms)) {
            hold.isNew = true;
            kept.put(hold.key, new Kept(hold.terms, hold.start));
        }
        Kept now = kept.get(hold.key);
        Hold old = before == null ? null : before.holder;
        if (old == null || now != before) {
            now.holder = hold;
            now.last = null;
            hold.begin(now);
        } else {
            lose(now.next, Optional.of(hold.claimant.name()));
            now.next = hold;
        }
        lose(old, Optional.of(hold.claimant.name()));
    }

    private static void lose(@Nullable Hold hold, Optional<String> by) {
        if (hold != null && !hold.isLost) {
            hold.isLost = true;
            hold.claimant.taken().by(by);
            hold.ready.completeExceptionally(new ProtocolException("taken over", "it is none any more"));
        }
    }

    /** The oldest claim that waits is refused. */
    public void refuses(String why) {
        waiting.remove().ready.completeExceptionally(new ProtocolException(why, "it is kept elsewhere"));
    }

    /** The connection that has it ends without a word. */
    public void losesItsHolder(DurableKey key, long maybeDeliveredUpTo) {
        Kept entry = kept.get(key);
        entry.holder = null;
        entry.maybe = maybeDeliveredUpTo;
    }

    /** All are lost. */
    public void beginsAnew() {
        List<Kept> lost = List.copyOf(kept.values());
        kept.clear();
        lost.forEach(each -> lose(each.holder, Optional.empty()));
    }

    @Override
    public CompletionStage<Void> end(DurableKey key) {
        List<Hold> lost = new ArrayList<>(
                waiting.stream().filter(hold -> hold.key.equals(key)).toList());
        waiting.removeAll(lost);
        Kept entry = kept.remove(key);
        if (entry != null) {
            lost.add(entry.next);
            lost.add(entry.holder);
        }
        lost.forEach(each -> lose(each, Optional.of("")));
        return confirmation();
    }

    private CompletionStage<Void> confirmation() {
        CompletableFuture<Void> stage = new CompletableFuture<>();
        if (holdsConfirmations) {
            unconfirmed.add(stage);
        } else {
            stage.complete(null);
        }
        return stage;
    }

    @Override
    public Optional<Entry> get(DurableKey key) {
        return all().stream().filter(entry -> entry.key().equals(key)).findAny();
    }

    @Override
    public List<Entry> all() {
        return kept.entrySet().stream()
                .map(each -> new Entry(each.getKey(), each.getValue().terms, each.getValue().holder != null))
                .toList();
    }

    private static String text(DurableProgress progress) {
        return progress.upTo() + " open " + progress.open();
    }

    private final class Hold implements DurableClaim {
        private final DurableKey key;
        private final DurableTerms terms;
        private final DurableProgress start;
        private final Claimant claimant;
        private final CompletableFuture<DurableClaim> ready = new CompletableFuture<>();
        private boolean isNew;
        private boolean isLost;
        private DurableProgress progress;
        private long maybe;

        private Hold(DurableKey key, DurableTerms terms, DurableProgress start, Claimant claimant) {
            this.key = key;
            this.terms = terms;
            this.start = start;
            this.claimant = claimant;
            this.progress = start;
        }

        private void begin(Kept from) {
            progress = from.progress;
            maybe = from.maybe;
            ready.complete(this);
        }

        private boolean isCurrent() {
            return kept.containsKey(key) && kept.get(key).holder == this;
        }

        @Override
        public boolean isNew() {
            return isNew;
        }

        @Override
        public DurableProgress progress() {
            return progress;
        }

        @Override
        public long maybeDeliveredUpTo() {
            return maybe;
        }

        @Override
        public CompletionStage<Void> save(DurableProgress now) {
            if (isCurrent() || (kept.containsKey(key) && kept.get(key).last == this)) {
                kept.get(key).progress = now;
                saves.add(text(now));
            }
            return confirmation();
        }

        @Override
        public void leave(DurableProgress last, long maybeDeliveredUpTo) {
            leaves.add(text(last) + " maybe " + maybeDeliveredUpTo);
            if (isCurrent()) {
                Kept entry = kept.get(key);
                entry.progress = last;
                entry.maybe = maybeDeliveredUpTo;
                entry.holder = entry.next;
                entry.last = entry.next == null ? this : null;
                entry.next = null;
                if (entry.holder != null) {
                    entry.holder.begin(entry);
                }
            }
        }
    }
}

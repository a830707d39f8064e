package io.fanfare.broker;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session's open transactions: what each will do at COMMIT. Owned by the session's loop. */
final class Transactions {

    private final BrokerOptions options;
    private Map<String, List<Runnable>> open = Map.of();

    Transactions(BrokerOptions options) {
        this.options = options;
    }

    void begin(String id) {
        if (open.containsKey(id)) {
            throw new ProtocolException(
                    "duplicate transaction", "transaction " + Printable.of(id) + " is open already");
        }
        if (open.size() >= options.maxTransactions()) {
            throw new ProtocolException(
                    "too many transactions",
                    "this connection has " + open.size() + " open transactions, its limit (max_transactions)");
        }
        if (open.isEmpty()) {
            open = new HashMap<>();
        }
        open.put(id, new ArrayList<>());
    }

    /** Does it at the transaction's COMMIT; at once when there is no transaction. */
    void perform(@Nullable String id, Runnable action) {
        if (id == null) {
            action.run();
            return;
        }
        List<Runnable> actions = open.get(id);
        if (actions == null) {
            throw unknown(id);
        }
        if (actions.size() >= options.maxTransactionFrames()) {
            throw new ProtocolException(
                    "transaction too large",
                    "transaction " + Printable.of(id) + " has " + actions.size()
                            + " frames, its limit (max_transaction_frames)");
        }
        actions.add(action);
    }

    void commit(String id) {
        remove(id).forEach(Runnable::run);
    }

    void abort(String id) {
        remove(id);
    }

    void abortAll() {
        open = Map.of();
    }

    private List<Runnable> remove(String id) {
        List<Runnable> actions = open.remove(id);
        if (actions == null) {
            throw unknown(id);
        }
        return actions;
    }

    private static ProtocolException unknown(String id) {
        return new ProtocolException("no such transaction", "no transaction " + Printable.of(id) + " is open");
    }
}

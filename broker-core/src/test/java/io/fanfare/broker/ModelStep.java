package io.fanfare.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One thing that a client of the model test does. Its numbers choose among what there is when its turn comes, so that
 * any step may be left out and the others still make sense.
 */
record ModelStep(Kind kind, int client, int first, int second, int third, Pace pace) {

    enum Kind {
        SEND(34),
        SUBSCRIBE(14),
        UNSUBSCRIBE(6),
        ACK(18),
        /** NACK, and somebody else may try. */
        NACK(8),
        /** NACK with {@code requeue:false}. */
        REJECT(3),
        BEGIN(4),
        COMMIT(4),
        ABORT(1),
        DISCONNECT(2),
        /** The network loses the connection. */
        LOSE(2),
        /** A frame that ends the connection with an ERROR. */
        FAULT(1);

        final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    /** What happens before the next step. */
    enum Pace {
        /** All loops work until nothing is left to do, and what every client saw is compared. */
        SETTLE,
        /** One loop takes one turn. */
        TURN,
        OTHER_TURN,
        /** Nothing. */
        RUSH
    }

    private static final Pace[] PACES = {
        Pace.SETTLE, Pace.SETTLE, Pace.SETTLE, Pace.SETTLE, Pace.TURN, Pace.OTHER_TURN, Pace.RUSH, Pace.RUSH
    };

    static List<ModelStep> random(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.weight; i++) {
                kinds.add(kind);
            }
        }
        List<ModelStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(new ModelStep(
                    kinds.get(random.nextInt(kinds.size())),
                    random.nextInt(ModelRun.CLIENTS),
                    random.nextInt(1 << 16),
                    random.nextInt(1 << 16),
                    random.nextInt(1 << 16),
                    PACES[random.nextInt(PACES.length)]));
        }
        return steps;
    }
}

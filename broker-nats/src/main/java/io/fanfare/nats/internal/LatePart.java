package io.fanfare.nats.internal;

import io.fanfare.backplane.LocalNode;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Part;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * A part that is made with the start of its broker.
 *
 * @param part is asked when it has been made
 */
public record LatePart(Supplier<? extends Part> part) implements Part {

    @Override
    public void start(Connections connections, LocalNode local) throws IOException, InterruptedException {
        part.get().start(connections, local);
    }

    @Override
    public void close() {
        part.get().close();
    }
}

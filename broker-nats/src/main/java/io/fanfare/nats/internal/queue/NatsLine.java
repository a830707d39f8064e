package io.fanfare.nats.internal.queue;

import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line that is a connection of its own to NATS. Owned by the worker. */
final class NatsLine implements Line {

    private static final Logger LOG = LoggerFactory.getLogger(NatsLine.class);
    private static final String ID = "Nats-Msg-Id";

    /** Looked at behind the id: what the stream has it answers for, and it takes nothing, as no stream has so many messages. */
    private static final String CONDITION = "Nats-Expected-Last-Sequence";

    private static final String NEVER = String.valueOf((1L << 53) - 1);

    private final Connection connection;
    private final String server;
    private final Calls calls;
    private final Opening opening;

    private NatsLine(Connection connection, Calls calls, Opening opening) {
        this.connection = connection;
        this.server = String.valueOf(connection.getServerInfo().getServerId());
        this.calls = calls;
        this.opening = opening;
    }

    @Override
    public String server() {
        return server;
    }

    @Override
    public void append(Append append, Duration atMost, Consumer<Answer> then) {
        calls.send(
                append.queue().name().subject(),
                new Headers().put(ID, append.id()),
                append.record(),
                atMost,
                answer -> then.accept(answer == null ? Answer.NONE : Answer.of(answer)));
    }

    @Override
    public void ask(Append append, Duration atMost, Consumer<Answer> then) {
        calls.send(
                append.queue().name().subject(),
                new Headers().put(ID, append.id()).put(CONDITION, NEVER),
                new byte[0],
                atMost,
                answer -> then.accept(Answer.ofQuestion(answer)));
    }

    @Override
    public void look(long now) {
        calls.look(now);
    }

    @Override
    public void close() {
        calls.end();
        opening.end(connection);
    }

    /** Opens connections by a thread that may wait. Any thread may call. */
    static final class Opening implements Opener, AutoCloseable {

        private static final Duration PAUSE = Duration.ofMillis(100);

        private final NatsOptions options;
        private final String node;
        private final Worker worker;
        private final Worker opener = new Worker("fanfare-queues-line");
        private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;

        /** Tells the worker of lines. */
        Opening(NatsOptions options, String node, Worker worker) {
            this.options = options;
            this.node = node;
            this.worker = worker;
        }

        @Override
        public void open(Consumer<Line> opened, Consumer<Line> ended) {
            opener.execute(() -> attempt(opened, ended));
        }

        private void attempt(Consumer<Line> opened, Consumer<Line> ended) {
            Attempt attempt = new Attempt(opened, ended);
            try {
                Connection connection = Connections.once(options, node, () -> worker.execute(attempt::ends));
                connections.add(connection);
                if (closed) {
                    close(connection);
                } else {
                    worker.execute(() -> attempt.succeeds(connection));
                }
            } catch (IOException | IllegalStateException e) {
                // the connection for streams has the same trouble, and logs it
                LOG.debug("no connection for appends", e);
                opener.later(PAUSE, () -> attempt(opened, ended));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** One connection, which may end before the worker knows of it. Owned by the worker. */
        private final class Attempt {

            private final Consumer<Line> opened;
            private final Consumer<Line> ended;
            private @Nullable Line line;

            private Attempt(Consumer<Line> opened, Consumer<Line> ended) {
                this.opened = opened;
                this.ended = ended;
            }

            private void succeeds(Connection connection) {
                try {
                    Line now = new NatsLine(connection, new Calls(connection, worker), Opening.this);
                    line = now;
                    opened.accept(now);
                } catch (IllegalStateException e) {
                    // it has ended by now
                    end(connection);
                    opener.later(PAUSE, () -> attempt(opened, ended));
                    return;
                }
                if (connection.getStatus() != Connection.Status.CONNECTED) {
                    ends();
                }
            }

            private void ends() {
                Line now = line;
                line = null;
                if (now != null) {
                    ended.accept(now);
                }
            }
        }

        private void end(Connection connection) {
            opener.execute(() -> close(connection));
        }

        private void close(Connection connection) {
            connections.remove(connection);
            try {
                connection.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Closes all; waits for it. */
        @Override
        public void close() {
            closed = true;
            opener.close();
            connections.forEach(this::close);
        }
    }
}

package io.fanfare.testkit.internal.proxy;

import io.fanfare.testkit.internal.TestTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Listens on a free port in front of one of the broker's. Any thread may call. */
public final class Proxy implements AutoCloseable {

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Duration END = Duration.ofSeconds(5);

    private final ServerSocket listener;
    private final @Nullable TestTls tls;
    private final boolean isHttp;
    private final FaultRules rules;
    private final Transcripts transcripts;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    /** The broker's port; 0: there is no broker just now. */
    private volatile int target;

    private Proxy(@Nullable TestTls tls, boolean isHttp, int target, FaultRules rules, Transcripts transcripts) {
        this.tls = tls;
        this.isHttp = isHttp;
        this.target = target;
        this.rules = rules;
        this.transcripts = transcripts;
        try {
            this.listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.acceptor = new Thread(this::accept, "fanfare-test-proxy-" + target);
        acceptor.setDaemon(true);
    }

    /**
     * Begins to listen.
     *
     * @param tls ends here, and the broker's port has none; null: octets pass as they are
     * @param isHttp whether a connection begins with a WebSocket's handshake
     * @param target the broker's port
     */
    public static Proxy listen(
            @Nullable TestTls tls, boolean isHttp, int target, FaultRules rules, Transcripts transcripts) {
        Proxy proxy = new Proxy(tls, isHttp, target, rules, transcripts);
        proxy.acceptor.start();
        return proxy;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Has new connections go to another port; 0: they are ended at once. */
    public void target(int port) {
        target = port;
    }

    /** The connections that have not ended. */
    public List<ProxiedConnection> connections() {
        connections.removeIf(each -> !each.isOpen());
        return List.copyOf(connections);
    }

    /** Faults hold no longer. */
    public void faultsCleared() {
        connections().forEach(ProxiedConnection::faultsCleared);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (rules.refusesConnections() || target == 0) {
                    client.setSoLinger(true, 0);
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException e) {
                // the listener was closed, or the client has gone
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket broker = new Socket();
        try {
            broker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            broker.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
        } catch (IOException e) {
            client.close();
            broker.close();
            throw e;
        }
        var side = new ProxiedConnection.Side(client, tls == null ? client : tls.accept(client));
        ProxiedConnection connection =
                new ProxiedConnection(NUMBERS.incrementAndGet(), isHttp, side, broker, rules, transcripts);
        connections.removeIf(each -> !each.isOpen());
        connections.add(connection);
        connection.start();
        if (listener.isClosed()) {
            connection.reset();
        }
    }

    /**
     * Ends all connections, and stops listening.
     *
     * @throws IllegalStateException when a thread does not end within five seconds
     */
    @Override
    public void close() {
        try {
            listener.close();
            acceptor.join(END.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        List<ProxiedConnection> left = List.copyOf(connections);
        left.forEach(ProxiedConnection::reset);
        if (acceptor.isAlive() || !left.stream().allMatch(each -> each.awaitEnd(END))) {
            throw new IllegalStateException("a thread of the test's proxy does not end");
        }
    }
}

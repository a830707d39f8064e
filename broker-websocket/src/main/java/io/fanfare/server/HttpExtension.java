package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.server.http.HttpEndpoint;

/** Answers of another module on the ports of a server: {@code io.fanfare.admin.AdminApi} is one. */
public interface HttpExtension {

    /**
     * Begins to answer the requests of the admin listener that are not health checks; called once, before its port is bound
     * and after those of clients are.
     *
     * @param options that the server is started with, and the ports of clients that were bound
     * @throws IllegalArgumentException when the server can't be started with these; the message is a sentence
     */
    HttpEndpoint open(Broker broker, ServerOptions options);

    /** Path of the clients' port whose requests are answered where {@link ListenOptions#httpPublish} is on. */
    String clientPath();

    /**
     * Begins to answer the requests for {@link #clientPath}; called once, and only where that is on. Their {@code Origin} has
     * been checked as that of a handshake is.
     */
    HttpEndpoint openForClients(Broker broker, ServerOptions options);
}

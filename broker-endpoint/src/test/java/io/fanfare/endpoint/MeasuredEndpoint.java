package io.fanfare.endpoint;

import io.fanfare.broker.Broker;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Locale;

/**
 * An endpoint in a container, to be measured by {@code fanfare bench}: runs until it is killed. Arguments: {@code tomcat},
 * {@code jetty} or {@code tyrus}, and bytes of joined frames. Prints the URL.
 */
final class MeasuredEndpoint {

    private MeasuredEndpoint() {}

    public static void main(String[] args) throws Exception {
        StompEndpoint endpoint = StompEndpoint.builder(new Broker())
                .joinFramesUpTo(Integer.parseInt(args[1]))
                .build();
        System.out.println(
                "ws://127.0.0.1:" + start(args[0], endpoint.at("/ws")).port() + "/ws");
        Thread.currentThread().join();
    }

    private static Container start(String container, ServerEndpointConfig endpoint) throws Exception {
        return switch (container.toLowerCase(Locale.ROOT)) {
            case "tomcat" -> TomcatContainer.start(endpoint, false);
            case "jetty" -> JettyContainer.start(endpoint, false);
            case "tyrus" -> TyrusContainer.start(endpoint);
            default -> throw new IllegalArgumentException("no such container: " + container);
        };
    }
}

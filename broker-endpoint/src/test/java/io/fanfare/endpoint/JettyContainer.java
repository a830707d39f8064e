package io.fanfare.endpoint;

import jakarta.websocket.server.ServerEndpointConfig;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee10.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.ee10.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.security.Credential;

/** Jetty, embedded. */
final class JettyContainer implements Container {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    private JettyContainer() {}

    /** Jetty for all; or, with a login, for {@code alice} with the passcode {@code secret}, who is a trader. */
    static Container start(ServerEndpointConfig endpoint, boolean login) throws Exception {
        JettyContainer container = new JettyContainer();
        container.run(endpoint, login);
        return container;
    }

    private void run(ServerEndpointConfig endpoint, boolean login) throws Exception {
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        JakartaWebSocketServletContainerInitializer.configure(
                context, (servlets, container) -> container.addEndpoint(endpoint));
        if (login) {
            context.setSecurityHandler(login());
        }
        server.setHandler(context);
        server.start();
    }

    private static ConstraintSecurityHandler login() {
        UserStore users = new UserStore();
        users.addUser("alice", Credential.getCredential("secret"), new String[] {"trader"});
        HashLoginService logins = new HashLoginService("test");
        logins.setUserStore(users);
        ConstraintMapping all = new ConstraintMapping();
        all.setPathSpec("/*");
        all.setConstraint(Constraint.from("trader"));
        ConstraintSecurityHandler security = new ConstraintSecurityHandler();
        security.setLoginService(logins);
        security.setAuthenticator(new BasicAuthenticator());
        security.addConstraintMapping(all);
        return security;
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
        server.destroy();
    }
}

package io.fanfare.endpoint;

import jakarta.servlet.ServletException;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat, embedded. */
final class TomcatContainer implements Container {

    private final Tomcat tomcat = new Tomcat();

    private TomcatContainer() {}

    /** Tomcat for all; or, with a login, for {@code alice} with the passcode {@code secret}, who is a trader. */
    static Container start(ServerEndpointConfig endpoint, boolean login) throws Exception {
        TomcatContainer container = new TomcatContainer();
        container.run(endpoint, login);
        return container;
    }

    private void run(ServerEndpointConfig endpoint, boolean login) throws Exception {
        tomcat.setBaseDir(Path.of("target", "tomcat").toAbsolutePath().toString());
        Connector connector = new Connector();
        connector.setProperty("address", "127.0.0.1");
        connector.setPort(0);
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        context.addServletContainerInitializer(new WsSci(), null);
        context.addServletContainerInitializer(
                (classes, servlets) -> {
                    try {
                        ((ServerContainer) servlets.getAttribute(ServerContainer.class.getName()))
                                .addEndpoint(endpoint);
                    } catch (DeploymentException e) {
                        throw new ServletException(e);
                    }
                },
                null);
        if (login) {
            askForLogin(context);
        }
        tomcat.start();
    }

    private void askForLogin(Context context) {
        tomcat.addUser("alice", "secret");
        tomcat.addRole("alice", "trader");
        SecurityCollection all = new SecurityCollection();
        all.addPattern("/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(all);
        constraint.addAuthRole("trader");
        context.addSecurityRole("trader");
        context.addConstraint(constraint);
        context.setLoginConfig(new LoginConfig("BASIC", "test", null, null));
        context.getPipeline().addValve(new BasicAuthenticator());
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }
}

package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.server.FanfareServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application without {@code broker-websocket}. */
class MissingServerTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(FanfareAutoConfiguration.class))
            .withClassLoader(new FilteredClassLoader(FanfareServer.class));

    @Test
    void whatOpensPortsSaysWhichModuleIsMissing() {
        application
                .withPropertyValues("fanfare.server.enabled=true")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessage("fanfare.server.enabled=true opens the ports of Fanfare's own server:"
                                + " add the dependency io.fanfare:broker-websocket"));
    }

    @Test
    void withoutPortsItHasABroker() {
        application.run(
                context -> assertThat(context.getBeansOfType(Broker.class)).hasSize(1));
    }
}

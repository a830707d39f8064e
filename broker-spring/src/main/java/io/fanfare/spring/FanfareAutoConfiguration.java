package io.fanfare.spring;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketMessageBrokerConfiguration;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * Embeds a broker and puts it in the place of Spring's simple broker, behind {@code @EnableWebSocketMessageBroker}. An
 * application that has a bean of type {@link BrokerOptions}, {@link Broker} or {@link FanfareServer} keeps it.
 */
@AutoConfiguration
@ConditionalOnClass(DelegatingWebSocketMessageBrokerConfiguration.class)
@ConditionalOnProperty(name = "fanfare.enabled", havingValue = "true", matchIfMissing = true)
@EnableConfigurationProperties(FanfareProperties.class)
public class FanfareAutoConfiguration {

    /** Options from the properties, the application's authenticator and authorizer, and its customizers. */
    @Bean
    @ConditionalOnMissingBean
    BrokerOptions fanfareOptions(
            FanfareProperties properties,
            ObjectProvider<Authenticator> authenticator,
            ObjectProvider<Authorizer> authorizer,
            ObjectProvider<BrokerOptionsCustomizer> customizers) {
        BrokerOptions.Builder options = BrokerOptions.builder();
        FanfareProperties.QueueProperties queue = properties.queue();
        options.heartBeat(h -> h.heartBeat(properties.heartBeat().heartBeat()));
        options.queues(q -> {
            ifSet(queue.maxMessages(), q::maxQueueMessages);
            ifSet(queue.maxBytes(), bytes -> q.maxQueueBytes(bytes.toBytes()));
        });
        ifSet(properties.maxMemory(), bytes -> options.memory(m -> m.maxMemoryBytes(bytes.toBytes())));
        options.topics(t -> t.rules(properties.topics().stream()
                .map(FanfareProperties.TopicProperties::rule)
                .toList()));
        authenticator.ifUnique(bean -> options.auth(a -> a.authenticator(bean)));
        authorizer.ifUnique(bean -> options.auth(a -> a.authorizer(bean)));
        customizers.orderedStream().forEach(each -> each.customize(options));
        return options.build();
    }

    private static <T> void ifSet(@Nullable T value, Consumer<T> set) {
        if (value != null) {
            set.accept(value);
        }
    }

    @Bean
    @ConditionalOnMissingBean(type = {"io.fanfare.broker.Broker", "io.fanfare.server.FanfareServer"})
    @ConditionalOnProperty(name = "fanfare.server.enabled", havingValue = "false", matchIfMissing = true)
    Broker fanfareBroker(BrokerOptions options) {
        return new Broker(options);
    }

    @Bean
    static BrokerReplacement fanfareReplacesSimpleBroker(ConfigurableApplicationContext context) {
        return new BrokerReplacement(context);
    }

    /** STOMP's frames have an order: a SEND after BEGIN, an ACK before DISCONNECT. */
    @Bean
    @ConditionalOnProperty(name = "fanfare.preserve-receive-order", havingValue = "true", matchIfMissing = true)
    WebSocketMessageBrokerConfigurer fanfareReceiveOrder() {
        return new WebSocketMessageBrokerConfigurer() {
            @Override
            public void registerStompEndpoints(StompEndpointRegistry registry) {
                registry.setPreserveReceiveOrder(true);
            }
        };
    }

    /** Listeners of the broker's own; they share it with Spring's sessions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FanfareServer.class)
    static class ServerConfiguration {

        @Bean(destroyMethod = "close")
        @ConditionalOnMissingBean({FanfareServer.class, Broker.class})
        @ConditionalOnProperty(name = "fanfare.server.enabled", havingValue = "true")
        FanfareServer fanfareServer(
                FanfareProperties properties, BrokerOptions options, ObjectProvider<ServerCustomizer> customizers) {
            FanfareProperties.ServerProperties own = properties.server();
            FanfareServerBuilder server = FanfareServer.builder()
                    .broker(options)
                    .host(own.host())
                    .port(own.port())
                    .tcpPort(own.tcpPort());
            customizers.orderedStream().forEach(each -> each.customize(server));
            return server.start();
        }

        @Bean
        @ConditionalOnBean(FanfareServer.class)
        @ConditionalOnMissingBean(Broker.class)
        Broker fanfareServersBroker(FanfareServer server) {
            return server.broker();
        }
    }

    /** Says which module is missing, where Spring would say that there is no broker. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("io.fanfare.server.FanfareServer")
    @ConditionalOnProperty(name = "fanfare.server.enabled", havingValue = "true")
    static class MissingServerConfiguration {

        @Bean
        @ConditionalOnMissingBean
        Broker fanfareBroker() {
            throw new IllegalStateException("fanfare.server.enabled=true opens the ports of Fanfare's own server:"
                    + " add the dependency io.fanfare:broker-websocket");
        }
    }
}

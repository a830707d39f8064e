package io.fanfare.spring;

import io.fanfare.broker.Broker;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationResolver;

/**
 * Puts the broker into the place of Spring's {@code simpleBrokerMessageHandler}, which {@code enableSimpleBroker} asks for;
 * an application with {@code enableStompBrokerRelay} has none, and keeps its relay.
 */
final class BrokerReplacement implements BeanPostProcessor {

    private static final String SIMPLE_BROKER = "simpleBrokerMessageHandler";

    private final ConfigurableApplicationContext beans;

    BrokerReplacement(ConfigurableApplicationContext beans) {
        this.beans = beans;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (name.equals(SIMPLE_BROKER) && bean instanceof SimpleBrokerMessageHandler simple) {
            return replacement(simple);
        }
        if (bean instanceof UserDestinationMessageHandler handler && isReplaced()) {
            return new BrokersUserDestinations(
                    channel("clientInboundChannel"), channel("brokerChannel"), handler.getUserDestinationResolver());
        }
        return bean;
    }

    private boolean isReplaced() {
        return beans.containsBean(SIMPLE_BROKER) && beans.getBean(SIMPLE_BROKER) instanceof FanfareBrokerMessageHandler;
    }

    private FanfareBrokerMessageHandler replacement(SimpleBrokerMessageHandler simple) {
        FanfareBrokerMessageHandler handler = new FanfareBrokerMessageHandler(
                beans.getBean(Broker.class),
                beans.getBean(FanfareProperties.class).loopCount(),
                simple.getClientInboundChannel(),
                simple.getClientOutboundChannel(),
                simple.getBrokerChannel(),
                simple.getDestinationPrefixes(),
                new UserDestinations(userPrefix()));
        handler.setAutoStartup(simple.isAutoStartup());
        handler.setPhase(simple.getPhase());
        // as the bean's declared type is no listener, the context does not look for one
        beans.addApplicationListener(handler);
        return handler;
    }

    private String userPrefix() {
        return beans.getBean(UserDestinationResolver.class) instanceof DefaultUserDestinationResolver resolver
                ? resolver.getDestinationPrefix()
                : "/user/";
    }

    private SubscribableChannel channel(String name) {
        return beans.getBean(name, SubscribableChannel.class);
    }

    /** Leaves the destinations of users to the broker, which knows its sessions by user. */
    private static final class BrokersUserDestinations extends UserDestinationMessageHandler {

        BrokersUserDestinations(
                SubscribableChannel inbound, SubscribableChannel brokerChannel, UserDestinationResolver resolver) {
            super(inbound, brokerChannel, resolver);
        }

        @Override
        public void handleMessage(Message<?> message) {
            // the broker has it
        }
    }
}

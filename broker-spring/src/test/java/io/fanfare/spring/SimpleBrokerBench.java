package io.fanfare.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What the embedded broker takes in place of Spring's simple broker: one publisher, by SimpMessagingTemplate, and subscribers
 * whose messages are encoded for a socket, and go nowhere. Both by turns. Arguments: subscribers, messages of one turn, turns.
 */
final class SimpleBrokerBench {

    private static final byte[] BODY = "x".repeat(128).getBytes(UTF_8);
    private static final List<String> PREFIXES = List.of("/topic", "/queue");

    private final AtomicLong received = new AtomicLong();
    private final AtomicLong connected = new AtomicLong();
    private final StompEncoder encoder = new StompEncoder();
    private final ExecutorService threads =
            Executors.newFixedThreadPool(2 * Runtime.getRuntime().availableProcessors());
    private final ExecutorSubscribableChannel inbound = new ExecutorSubscribableChannel();
    private final ExecutorSubscribableChannel outbound = new ExecutorSubscribableChannel(threads);
    private final ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
    private final SimpMessagingTemplate template = new SimpMessagingTemplate(channel);
    private final AbstractBrokerMessageHandler handler;
    private final int subscribers;

    private SimpleBrokerBench(boolean fanfare, int subscribers) {
        this.subscribers = subscribers;
        outbound.subscribe(this::encode);
        if (fanfare) {
            handler = new FanfareBrokerMessageHandler(
                    new Broker(), 2, inbound, outbound, channel, PREFIXES, new UserDestinations("/user/"));
        } else {
            handler = new SimpleBrokerMessageHandler(inbound, outbound, channel, PREFIXES);
            // what Fanfare promises, too
            handler.setPreservePublishOrder(true);
        }
    }

    /** As StompSubProtocolHandler does; the simple broker's messages have no frame's headers yet. */
    private void encode(Message<?> message) {
        StompHeaderAccessor accessor = StompHeaderAccessor.wrap(message);
        if (accessor.getMessageType() == SimpMessageType.CONNECT_ACK
                || accessor.getCommand() == StompCommand.CONNECTED) {
            connected.incrementAndGet();
            return;
        }
        if (accessor.getMessageType() == SimpMessageType.MESSAGE) {
            accessor.updateStompCommandAsServerMessage();
            encoder.encode(accessor.getMessageHeaders(), (byte[]) message.getPayload());
            received.incrementAndGet();
        }
    }

    private void start() {
        handler.start();
        for (int i = 0; i < subscribers; i++) {
            says("session" + i, SimpMessageType.CONNECT, StompCommand.CONNECT);
        }
        await(connected, subscribers);
        for (int i = 0; i < subscribers; i++) {
            says("session" + i, SimpMessageType.SUBSCRIBE, StompCommand.SUBSCRIBE);
        }
        template.convertAndSend("/topic/load", BODY);
        await(received, 1);
        // until a message has reached all
        long all = 0;
        while (all < subscribers) {
            received.set(0);
            template.convertAndSend("/topic/load", BODY);
            LockSupport.parkNanos(100_000_000);
            all = received.get();
        }
    }

    private void says(String session, SimpMessageType type, StompCommand command) {
        StompHeaderAccessor accessor = StompHeaderAccessor.create(command);
        accessor.setSessionId(session);
        if (type == SimpMessageType.CONNECT) {
            accessor.setAcceptVersion("1.2");
        } else {
            accessor.setDestination("/topic/load");
            accessor.setSubscriptionId("0");
        }
        accessor.setHeader(SimpMessageHeaderAccessor.MESSAGE_TYPE_HEADER, type);
        inbound.send(MessageBuilder.createMessage(new byte[0], accessor.getMessageHeaders()));
    }

    /** Deliveries a second. */
    private double turn(int messages) {
        received.set(0);
        long began = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            template.convertAndSend("/topic/load", BODY);
        }
        await(received, (long) messages * subscribers);
        return messages * (double) subscribers * 1e9 / (System.nanoTime() - began);
    }

    private static void await(AtomicLong count, long wanted) {
        while (count.get() < wanted) {
            LockSupport.parkNanos(100_000);
        }
    }

    private void stop() {
        handler.stop();
        threads.shutdownNow();
    }

    public static void main(String[] args) {
        int subscribers = Integer.parseInt(args[0]);
        int messages = Integer.parseInt(args[1]);
        SimpleBrokerBench simple = new SimpleBrokerBench(false, subscribers);
        SimpleBrokerBench fanfare = new SimpleBrokerBench(true, subscribers);
        simple.start();
        fanfare.start();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            double one = simple.turn(messages);
            double other = fanfare.turn(messages);
            System.out.printf(
                    Locale.ROOT, "simple broker %,.0f/s  Fanfare %,.0f/s  ratio %.2f%n", one, other, other / one);
        }
        simple.stop();
        fanfare.stop();
    }
}

package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.LocalNode;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.publish.Destinations;
import io.fanfare.session.ClientStatus;
import io.fanfare.session.Session;
import io.fanfare.status.BrokerStatus;
import java.util.List;
import java.util.Map;

/** A broker as its backplane sees it. */
final class Node implements LocalNode {

    private final Broker broker;
    private final Destinations destinations;
    private final Memory memory;

    Node(Broker broker, Destinations destinations, Memory memory) {
        this.broker = broker;
        this.destinations = destinations;
        this.memory = memory;
    }

    /** Connects a broker to the other nodes, if there may be others. */
    static void start(Broker broker, Destinations destinations, Memory memory) {
        Backplane backplane = broker.options().backplane();
        if (backplane != null) {
            memory.alsoUnderWay(backplane::bytesUnderWay);
            backplane.start(new Node(broker, destinations, memory));
        }
    }

    @Override
    public Outcome deliver(Destination destination, Message message) {
        List<Message> one = List.of(message);
        return destination.kind() == Destination.Kind.QUEUE
                ? destinations.queues().publish(destination, one)
                : destinations.topics().publish(destination, one);
    }

    @Override
    public boolean hasRoom() {
        if (memory.isHigh()) {
            memory.relieve();
            return false;
        }
        return true;
    }

    @Override
    public BrokerClock clock() {
        return memory.clock();
    }

    @Override
    public BrokerStatus status() {
        return broker.inspection().broker();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of("topics", broker.options().topics().rules().toString());
    }

    @Override
    public void lost(String why) {
        for (Session each : broker.openSessions()) {
            each.loop().execute(() -> {
                ClientStatus client = each.status();
                if (client != null && client.hasTopicSubscriptions()) {
                    each.dismiss(CloseCode.RESTARTING, why);
                }
            });
        }
    }

    @Override
    public void closeSessions(CloseCode code, String why) {
        broker.closeSessions(code, why);
    }
}

package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.LocalNode;
import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.publish.Destinations;
import io.fanfare.session.ClientStatus;
import io.fanfare.session.Session;
import java.util.List;

/** A broker as its backplane sees it. */
final class Node implements LocalNode {

    private final Broker broker;
    private final Destinations destinations;

    Node(Broker broker, Destinations destinations) {
        this.broker = broker;
        this.destinations = destinations;
    }

    /** Connects a broker to the other nodes, if there may be others. */
    static void start(Broker broker, Destinations destinations, Memory memory) {
        Backplane backplane = broker.options().backplane();
        if (backplane != null) {
            memory.alsoUnderWay(backplane::bytesUnderWay);
            backplane.start(new Node(broker, destinations));
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

package io.fanfare.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import io.fanfare.frame.JsonString;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.status.PresenceStatus;
import java.time.InstantSource;

/** The messages of one topic's presence. Any thread may call. */
final class Announcements {

    private static final SendProperties PLAIN = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);

    private final Destination presence;
    private final InstantSource clock;

    /**
     * What is told at this destination.
     *
     * @param clock the time of day
     */
    Announcements(Destination presence, InstantSource clock) {
        this.presence = presence;
        this.clock = clock;
    }

    private Headers headers(String kind) {
        return Headers.of(
                "destination", DestinationText.of(presence), "content-type", "application/json", "presence", kind);
    }

    Message here(PresenceStatus place) {
        return message(headers("here"), json(place));
    }

    Message join(PresenceStatus place) {
        return message(headers("join"), json(place));
    }

    Message leave(PresenceStatus place, LeaveReason reason) {
        return message(headers("leave").with(Headers.of("reason", reason.toString())), json(place));
    }

    Message count(int present) {
        return message(headers("count"), "{\"count\":" + present + "}");
    }

    private static String json(PresenceStatus place) {
        return "{\"user\":" + JsonString.of(place.user()) + ",\"session\":" + JsonString.of(place.session())
                + ",\"since\":" + place.since() + "}";
    }

    private Message message(Headers headers, String json) {
        return new Message(headers, json.getBytes(UTF_8), clock.millis(), PLAIN, null);
    }
}

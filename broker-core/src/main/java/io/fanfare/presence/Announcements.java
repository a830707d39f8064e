package io.fanfare.presence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import io.fanfare.frame.JsonString;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.status.PresenceStatus;

/** The messages of one topic's presence. Any thread may call. */
final class Announcements {

    private static final SendProperties PLAIN = SendProperties.of(Headers.EMPTY, 0);

    private final Headers here;
    private final Headers join;
    private final Headers leave;
    private final Headers number;

    /** What is told at this destination. */
    Announcements(Destination presence) {
        String text = DestinationText.of(presence);
        this.here = headers(text, "here");
        this.join = headers(text, "join");
        this.leave = headers(text, "leave");
        this.number = headers(text, "count");
    }

    private static Headers headers(String destination, String presence) {
        return Headers.of("destination", destination, "content-type", "application/json", "presence", presence);
    }

    Message here(PresenceStatus place) {
        return message(here, json(place));
    }

    Message join(PresenceStatus place) {
        return message(join, json(place));
    }

    Message leave(PresenceStatus place, LeaveReason reason) {
        return message(leave.with(Headers.of("reason", reason.toString())), json(place));
    }

    Message count(int present) {
        return message(number, "{\"count\":" + present + "}");
    }

    private static String json(PresenceStatus place) {
        return "{\"user\":" + JsonString.of(place.user()) + ",\"session\":" + JsonString.of(place.session())
                + ",\"since\":" + place.since() + "}";
    }

    private static Message message(Headers headers, String json) {
        return new Message(headers, json.getBytes(UTF_8), Presence.now(), PLAIN, null);
    }
}

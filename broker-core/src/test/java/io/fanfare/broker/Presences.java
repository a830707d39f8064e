package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.options.TopicOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.presence.Presence;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What tests of presence have in common: a broker that gathers that of {@code /topic/room.#}, its clients and watchers. */
final class Presences {

    /** A client and the id that CONNECTED told it. */
    record Guest(Client client, String session) {

        void sends(String... frames) {
            client.sends(frames);
        }

        /** The body that tells of it, at any time. */
        String json(String user) {
            return "\\{\"user\":\"" + user + "\",\"session\":\"" + session + "\",\"since\":\\d+}";
        }
    }

    /** When changes have been told: a timer may be a tick late. */
    static final Duration TOLD = Presence.GATHERING.plusMillis(20);

    /** What a new subscriber gets of an empty room. */
    static final String EMPTY = "MESSAGE\nsubscription:p\nmessage-id:presence-end\n"
            + "destination:/presence/topic/room.a\nsnapshot:end\n\n^@";

    private final BrokerTest test;

    Presences(BrokerTest test) {
        this.test = test;
        broker(options -> {});
    }

    /** Another broker, which gathers the same with these options. */
    void broker(Consumer<TopicOptions.Builder> options) {
        test.brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.#").withPresence())))
                .topics(options)
                .build());
    }

    Guest connect(String lines) {
        return connect(lines, test.loop);
    }

    /** A client that comes with these header lines, each with its line feed. */
    Guest connect(String lines, HandLoop loop) {
        Client client = test.open(Framing.TCP, loop);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n" + lines + "\n^@");
        Received connected = client.next("expected CONNECTED");
        assertThat(connected.command()).isEqualTo("CONNECTED");
        return new Guest(client, connected.header("session"));
    }

    /** A client that comes with these header lines and is in the room, which has been told. */
    Guest enter(String lines) {
        Guest guest = connect(lines);
        guest.sends("SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@");
        gather();
        return guest;
    }

    /** Changes are told. */
    void gather() {
        test.pass(TOLD);
    }

    /** A client that gets the room's presence; it has not looked at anything. */
    Client watch(String headers) {
        Client watcher = test.connect();
        watcher.sends(watching(headers));
        return watcher;
    }

    /** The message that tells the number to a subscriber of it; with a line, its first one. */
    static String count(int number, String line) {
        return "MESSAGE\nsubscription:p\ndestination:/presence/topic/room.a\ncontent-type:application/json\n"
                + "presence:count\n" + line + "\n{\"count\":" + number + "}^@";
    }

    static String watching(String headers) {
        return "SUBSCRIBE\nid:p\ndestination:/presence/topic/room.a\n" + headers + "\n^@";
    }
}

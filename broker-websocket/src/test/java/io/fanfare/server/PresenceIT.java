package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Presence over sockets, with several loops. */
@Timeout(300)
class PresenceIT {

    private static final Pattern USER = Pattern.compile("\"user\":\"([^\"]*)\"");
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:in\ndestination:/topic/room.a\n\n^@";

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(server -> server.loops(4)
            .broker(BrokerOptions.builder()
                    .topics(t -> t.rules(List.of(TopicRule.of("/topic/room.#").withPresence())))
                    .build()));

    private static StompSocket guest(Transport transport, String user) {
        StompSocket guest = SERVER.open(transport);
        guest.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:" + user + "\n\n^@");
        assertThat(guest.next().command()).isEqualTo("CONNECTED");
        return guest;
    }

    private static StompSocket watcher(Transport transport) {
        return SERVER.connect(transport).subscribes("id:p\ndestination:/presence/topic/room.a");
    }

    private static String user(Received message) {
        Matcher found = USER.matcher(message.text());
        return found.find() ? found.group(1) : "";
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a session is here, leaves as disconnected, and one without user and client-id as lost")
    void hereJoinAndLeave(Transport transport) {
        StompSocket first = watcher(transport);
        assertThat(first.next().header("snapshot")).isEqualTo("end");
        StompSocket alice = guest(transport, "alice").sends(SUBSCRIBE);
        Received join = first.next();
        assertThat(join.header("presence") + " " + user(join)).isEqualTo("join alice");
        StompSocket second = watcher(transport);
        Received here = second.next();
        assertThat(here.header("presence") + " " + here.header("snapshot") + " " + user(here))
                .isEqualTo("here end alice");
        alice.sends("DISCONNECT\n\n^@");
        assertThat(first.next().header("reason")).isEqualTo("disconnected");
        StompSocket nobody = guest(transport, "").sends(SUBSCRIBE);
        assertThat(first.next().header("presence")).isEqualTo("join");
        nobody.vanishes();
        assertThat(first.next().header("reason")).isEqualTo("lost");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a user whose connection is reset and comes back is not told")
    void aReconnectIsNotTold(Transport transport) {
        StompSocket watcher = watcher(transport);
        assertThat(watcher.next().header("snapshot")).isEqualTo("end");
        StompSocket alice = guest(transport, "alice").sends(SUBSCRIBE);
        assertThat(user(watcher.next())).isEqualTo("alice");
        alice.vanishes();
        SERVER.awaitSessions(1);
        StompSocket again = guest(transport, "alice").sends(SUBSCRIBE);
        guest(transport, "bob").sends(SUBSCRIBE);
        Received next = watcher.next();
        assertThat(next.header("presence") + " " + user(next)).isEqualTo("join bob");
        again.sends("DISCONNECT\n\n^@");
        Received last = watcher.next();
        assertThat(last.header("reason") + " " + user(last)).isEqualTo("disconnected alice");
    }

    @Test
    @DisplayName("clients come and go on four loops at once: each watcher ends with those that stay")
    void manyAtOnce() throws Exception {
        long seed = new Random().nextLong();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<String>> guests = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "guest-" + i;
                Random random = new Random(seed + i);
                guests.add(threads.submit(() -> comesAndGoes(name, random)));
            }
            List<Future<Set<String>>> watchers = new ArrayList<>();
            for (Transport transport : Transport.values()) {
                watchers.add(threads.submit(() -> watches(transport)));
            }
            Set<String> stay = new HashSet<>();
            for (Future<String> each : guests) {
                stay.add(each.get(120, TimeUnit.SECONDS));
            }
            guest(Transport.values()[0], "end").sends(SUBSCRIBE);
            stay.add("end");
            for (Future<Set<String>> each : watchers) {
                assertThat(each.get(120, TimeUnit.SECONDS)).as("seed %d", seed).isEqualTo(stay);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A client that has left and joined many times, and joins for good; returns its name. */
    private static String comesAndGoes(String name, Random random) {
        StompSocket guest = guest(Transport.values()[random.nextInt(Transport.values().length)], name);
        for (int i = 0; i < 200; i++) {
            guest.subscribes("id:in\ndestination:/topic/room.a");
            if (random.nextInt(20) == 0) {
                guest.silentFor(Duration.ofMillis(1 + random.nextInt(200)));
            }
            guest.sends("UNSUBSCRIBE\nid:in\nreceipt:u\n\n^@").got("RECEIPT\nreceipt-id:u\n\n^@");
        }
        guest.subscribes("id:in\ndestination:/topic/room.a");
        return name;
    }

    /** Who is there by the messages, up to the one that tells of the client that is called end. */
    private static Set<String> watches(Transport transport) {
        Set<String> present = new HashSet<>();
        StompSocket watcher = watcher(transport);
        while (!present.contains("end")) {
            Received message = watcher.next();
            switch (message.find("presence") == null ? "" : message.header("presence")) {
                case "here", "join" -> assertThat(present.add(user(message))).isTrue();
                case "leave" -> assertThat(present.remove(user(message))).isTrue();
                default -> assertThat(message.header("snapshot")).isEqualTo("end");
            }
        }
        return present;
    }
}

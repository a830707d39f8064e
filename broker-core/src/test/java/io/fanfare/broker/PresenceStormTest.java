package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.LongJobs;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A room of ten thousand sessions that come and go at once: what is told of it is exact, a part in each turn. */
class PresenceStormTest extends BrokerTest {

    /** As many as can be listed. */
    private static final int MEMBERS = 10_000;

    /** A message is a step and takes some 250 bytes; each of a turn's four shares may finish a part of 100. */
    private static final int MOST_BYTES_OF_A_TURN = (LongJobs.STEPS_PER_TURN + 400) * 256;

    private static final Set<String> USERS =
            IntStream.range(0, MEMBERS).mapToObj(i -> "user-" + i).collect(Collectors.toCollection(TreeSet::new));

    private final Presences rooms = new Presences(this);
    private final List<BareClient> members = new ArrayList<>(MEMBERS);
    private Client watcher;

    @BeforeEach
    void aWatcherOfAnEmptyRoom() {
        watcher = rooms.watch("");
        watcher.got(Presences.EMPTY);
    }

    @AfterEach
    void allGo() {
        members.forEach(BareClient::isLost);
    }

    private void allEnter() {
        members.clear();
        USERS.forEach(this::enter);
    }

    private void enter(String user) {
        BareClient member = new BareClient(broker, loop, "login:" + user + "\n");
        member.sends("SUBSCRIBE\nid:0\ndestination:/topic/room.a\n\n\0");
        members.add(member);
    }

    /** What a client gets, a part in each turn, when so much time has gone by. */
    private List<Received> told(Client to, Duration time) {
        loop.advance(time);
        long before = to.connection().taken().length;
        while (loop.isAwake() || loop.isWaitedFor() || loop.nanosToTimer() == 0) {
            loop.takeTurn();
            long after = to.connection().taken().length;
            assertThat(after - before).as("bytes of one turn").isLessThanOrEqualTo(MOST_BYTES_OF_A_TURN);
            before = after;
        }
        return to.takeAll();
    }

    /** The users that these tell of, each once; all are of that kind. */
    private static Set<String> users(List<Received> all, String kind) {
        assertThat(all).allMatch(each -> each.header("presence").equals(kind));
        Set<String> users =
                all.stream().map(each -> each.text().split("\"")[3]).collect(Collectors.toCollection(TreeSet::new));
        assertThat(all).as("no user twice").hasSize(users.size());
        return users;
    }

    private List<Received> list() {
        Client other = connect();
        other.feeds(Presences.watching(""));
        return told(other, Duration.ZERO);
    }

    /** One test, because ten thousand sessions take time to come. */
    @Test
    @DisplayName(
            "joins, a list, a network that breaks for all and comes back within the grace time, leaves: all is told once")
    void storms() {
        allEnter();
        assertThat(users(told(watcher, Presences.TOLD), "join")).isEqualTo(USERS);
        List<Received> list = list();
        assertThat(users(list, "here")).isEqualTo(USERS);
        assertThat(list.get(MEMBERS - 1).header("snapshot")).isEqualTo("end");
        assertThat(list.subList(0, MEMBERS - 1)).noneMatch(each -> each.has("snapshot"));
        oneMoreCannotBeListed();

        members.forEach(BareClient::goes);
        settle();
        pass(Duration.ofSeconds(3));
        allEnter();
        pass(Duration.ofSeconds(10));
        watcher.gotNothing();
        assertThat(texts(list())).as("the same entries").isEqualTo(texts(list));

        halfLeavesAndHalfIsLost();
    }

    private static List<String> texts(List<Received> all) {
        return all.stream().map(Received::text).toList();
    }

    private void oneMoreCannotBeListed() {
        enter("one-more");
        assertThat(users(told(watcher, Presences.TOLD), "join")).containsExactly("one-more");
        rooms.watch("").gotError(CloseCode.POLICY, "too many present", "10,001", "max_presence_members");
        members.remove(MEMBERS).sends("DISCONNECT\n\n\0");
        assertThat(users(told(watcher, Presences.TOLD), "leave")).containsExactly("one-more");
    }

    private void halfLeavesAndHalfIsLost() {
        members.subList(0, MEMBERS / 2).forEach(member -> member.feeds("DISCONNECT\n\n\0"));
        members.subList(MEMBERS / 2, MEMBERS).forEach(BareClient::goes);
        settle();
        List<Received> first = told(watcher, Presences.TOLD);
        assertThat(first)
                .hasSize(MEMBERS / 2)
                .allMatch(each -> each.header("reason").equals("disconnected"));
        pass(Duration.ofSeconds(5).minus(Presences.TOLD).plusMillis(20));
        List<Received> second = told(watcher, Presences.TOLD);
        assertThat(second)
                .hasSize(MEMBERS / 2)
                .allMatch(each -> each.header("reason").equals("lost"));
        Set<String> gone = users(first, "leave");
        gone.addAll(users(second, "leave"));
        assertThat(gone).isEqualTo(USERS);
        assertThat(list())
                .singleElement()
                .satisfies(end -> assertThat(end.header("snapshot")).isEqualTo("end"));
    }
}

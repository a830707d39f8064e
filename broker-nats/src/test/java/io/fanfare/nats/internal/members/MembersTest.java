package io.fanfare.nats.internal.members;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfare.nats.internal.connect.Subjects;
import io.fanfare.status.NodeStatus;
import io.fanfare.status.NodeStatus.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MembersTest {

    private static final Map<String, String> SETTINGS = Map.of("topics", "t1", "queues.shared", "q1");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private long now;
    private final List<String> gone = new ArrayList<>();
    private final Announcement self = announcement("aaaa", 1, 1_000, SETTINGS);
    private final Members members = new Members(new Subjects("test", "aaaa"), () -> self, gone::add, timer, () -> now);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private static Announcement announcement(String node, long life, long since, Map<String, String> settings) {
        return new Announcement(node, life, "1.0", 3, since, State.READY, false, settings, Map.of("orders", 2));
    }

    @Test
    void anAnnouncementIsReadAsItWasWritten() {
        Announcement draining =
                new Announcement("b:\n1", -5, "", 0, Long.MAX_VALUE, State.DRAINING, true, SETTINGS, Map.of());
        assertThat(Announcement.read(draining.bytes())).isEqualTo(draining);
    }

    @Test
    void whatIsNoAnnouncementIsRefused() {
        byte[] good = self.bytes();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatIllegalArgumentException().isThrownBy(() -> Announcement.read(cut));
        }
    }

    @Test
    void aNodeIsListedUntilItLeaves() {
        Announcement other = announcement("bbbb", 2, 2_000, SETTINGS);
        members.hear(other);
        members.hear(other);
        assertThat(members.others()).containsExactly(new NodeStatus("bbbb", "1.0", 3, 2_000, State.READY, false));
        assertThat(members.otherCount()).isEqualTo(1);
        assertThat(gone).isEmpty();
        members.hear(other.asLast());
        assertThat(members.others()).isEmpty();
        assertThat(gone).containsExactly("bbbb");
    }

    @Test
    void aNodeThatIsSilentForFifteenSecondsIsGone() {
        members.hear(announcement("bbbb", 2, 2_000, SETTINGS));
        isGoneAfterSilence();
    }

    private void isGoneAfterSilence() {
        long end = now + Members.SILENCE.toNanos();
        while (now < end) {
            now = Math.min(end, now + Members.INTERVAL.toNanos());
            members.tick();
        }
        assertThat(members.otherCount()).isEqualTo(1);
        now++;
        members.tick();
        assertThat(members.otherCount()).isZero();
        assertThat(gone).containsExactly("bbbb");
    }

    @Test
    void aNodeThatHasStoodStillItselfTakesNobodyForGone() {
        members.hear(announcement("bbbb", 2, 2_000, SETTINGS));
        now += 2 * Members.SILENCE.toNanos();
        members.tick();
        assertThat(members.otherCount()).isEqualTo(1);
        assertThat(gone).isEmpty();
        isGoneAfterSilence();
    }

    @Test
    void ofTwoNodesThatDisagreeTheYoungerIsRefusedByTheNameOfTheKey() {
        members.hear(announcement("bbbb", 2, 1_001, Map.of("topics", "t2", "queues.shared", "q1")));
        assertThat(members.refusal()).isEmpty();
        assertThat(members.otherCount()).as("it goes").isZero();
        members.hear(announcement("cccc", 3, 999, Map.of("topics", "t1", "queues.shared", "q2")));
        assertThat(members.refusal())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("queues.shared differs").contains("cccc"));
    }

    @Test
    void aRefusalIsToldWhetherItComesBeforeOneAsksOrAfter() {
        List<String> told = new ArrayList<>();
        members.whenRefused(told::add);
        assertThat(told).isEmpty();
        members.hear(announcement("bbbb", 2, 999, Map.of("topics", "t2")));
        members.whenRefused(told::add);
        members.hear(announcement("cccc", 3, 998, Map.of("topics", "t3")));
        assertThat(told).hasSize(2).allMatch(why -> why.contains("topics differs from that of node bbbb"));
    }

    @Test
    void ofTwoOfOneTimeOneIsTheYounger() {
        Announcement twin = announcement("bbbb", 2, 1_000, Map.of("topics", "t2"));
        assertThat(twin.isOlderThan(self)).isNotEqualTo(self.isOlderThan(twin));
    }

    @Test
    void twoNodesOfOneNameAreImpossible() {
        members.hear(announcement("aaaa", 2, 1, SETTINGS));
        assertThat(members.refusal())
                .hasValueSatisfying(why -> assertThat(why).contains("another node is called aaaa"));
    }

    @Test
    void aSettingThatOneOfTwoVersionsDoesNotKnowIsNoDisagreement() {
        members.hear(announcement("bbbb", 2, 1, Map.of("topics", "t1", "new.key", "n")));
        assertThat(members.refusal()).isEmpty();
        assertThat(members.otherCount()).isEqualTo(1);
    }
}

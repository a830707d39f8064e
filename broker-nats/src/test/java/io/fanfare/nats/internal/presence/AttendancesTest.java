package io.fanfare.nats.internal.presence;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.PresenceChange;
import io.fanfare.nats.internal.connect.Subjects;
import io.fanfare.status.PresenceStatus;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node takes for the sessions of others. */
class AttendancesTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Attendances attendances = new Attendances(new Subjects("test", "aaaa"), timer);

    /** Each as {@code NODE [SESSION...]}. */
    private final List<String> told = new ArrayList<>();

    private final LocalNode local = (LocalNode) Proxy.newProxyInstance(
            LocalNode.class.getClassLoader(), new Class<?>[] {LocalNode.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("present")) {
                    throw new UnsupportedOperationException(method.toString());
                }
                List<?> changes = arguments[1] instanceof List<?> all ? all : List.of(arguments[1]);
                told.add(arguments[0] + " "
                        + changes.stream()
                                .map(change ->
                                        ((PresenceChange) change).session().session())
                                .toList());
                return null;
            });

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private void hears(String node, long list, int part, boolean isLast, String... sessions) {
        List<PresenceChange> changes = Arrays.stream(sessions)
                .map(session -> new PresenceChange("room", new PresenceStatus("user", session, 1), null))
                .toList();
        attendances.hear(new PresencePart(node, list, part, isLast, changes), local, 0);
    }

    @Test
    void sessionsGoWithANodeThatIsSilentAndNotWhereThisOneHasStoodStill() {
        hears("bbbb", 1, 0, true, "s1");
        attendances.forgetSilent(local, 0);
        long now = 2 * Attendances.SILENCE.toNanos();
        attendances.forgetSilent(local, now);
        assertThat(told).containsExactly("bbbb [s1]");
        for (int i = 0; i < 3; i++) {
            now += Attendances.INTERVAL.toNanos();
            attendances.forgetSilent(local, now);
        }
        assertThat(told).as("silent for 15 s").containsExactly("bbbb [s1]");
        attendances.forgetSilent(local, now + 1);
        assertThat(told).containsExactly("bbbb [s1]", "bbbb []");
    }

    @Test
    void changesCountAtOnceAndAListWhenItIsWhole() {
        hears("bbbb", 0, 0, true, "s1");
        hears("bbbb", 1, 0, false, "s1");
        hears("bbbb", 1, 1, true, "s2");
        assertThat(told).containsExactly("bbbb [s1]", "bbbb [s1, s2]");
    }

    @Test
    void aListWithAMissingPartDoesNotCount() {
        hears("bbbb", 1, 0, false, "s1");
        hears("bbbb", 1, 2, true, "s3");
        assertThat(told).isEmpty();
    }

    @Test
    void aListThatComesBehindANewerOneDoesNotCount() {
        hears("bbbb", 2, 0, true, "s2");
        hears("bbbb", 1, 0, true, "s1");
        hears("cccc", 1, 0, true, "s3");
        assertThat(told).containsExactly("bbbb [s2]", "cccc [s3]");
    }

    @Test
    void whatThisNodeHasToldItselfDoesNotCount() {
        hears("aaaa", 0, 0, true, "s1");
        hears("aaaa", 1, 0, true, "s1");
        assertThat(told).isEmpty();
    }
}

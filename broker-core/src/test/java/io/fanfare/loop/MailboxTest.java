package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {

    private final Mailbox mailbox = new Mailbox();
    private final List<String> received = new ArrayList<>();
    private final Mailbox.Receiver a = receiver("a");
    private final Mailbox.Receiver b = receiver("b");

    private Mailbox.Receiver receiver(String name) {
        return (items, from, to) -> received.add(name + Arrays.asList(items).subList(from, to));
    }

    @Test
    void neighboursForOneReceiverGoToItTogether() {
        for (String item : List.of("1", "2", "3")) {
            mailbox.post(a, item, 0);
        }
        mailbox.post(b, "4", 0);
        mailbox.post(a, "5", 0);
        mailbox.post(b, "6", 0);
        mailbox.post(b, "7", 0);
        mailbox.drain();
        assertThat(received).containsExactly("a[1, 2, 3]", "b[4]", "a[5]", "b[6, 7]");
    }

    @Test
    void theFirstItemOfAnEmptyMailboxIsTold() {
        assertThat(mailbox.isEmpty()).isTrue();
        assertThat(mailbox.post(a, "1", 0)).isTrue();
        assertThat(mailbox.post(a, "2", 0)).isFalse();
        assertThat(mailbox.isEmpty()).isFalse();
        mailbox.drain();
        assertThat(mailbox.isEmpty()).isTrue();
        assertThat(mailbox.post(a, "3", 0)).isTrue();
    }

    @Test
    void anEmptyMailboxGivesNothing() {
        mailbox.drain();
        assertThat(received).isEmpty();
    }

    @Test
    void whatIsPostedDuringTheDrainWaitsForTheNext() {
        mailbox.post(
                (items, from, to) -> {
                    received.add("first");
                    assertThat(mailbox.post(a, "later", 0)).isTrue();
                },
                "x",
                0);
        mailbox.post(b, "1", 0);
        mailbox.drain();
        assertThat(received).containsExactly("first", "b[1]");
        mailbox.drain();
        assertThat(received).containsExactly("first", "b[1]", "a[later]");
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 128, 1_000, 65_536, 65_537, 200_000})
    void itGrowsAndKeepsTheOrder(int count) {
        for (int round = 0; round < 3; round++) {
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                mailbox.post(
                        i % 10 == 0
                                ? (items, from, to) ->
                                        all.addAll(Arrays.asList(items).subList(from, to))
                                : (items, from, to) ->
                                        all.addAll(Arrays.asList(items).subList(from, to)),
                        i,
                        0);
            }
            mailbox.drain();
            assertThat(all).isEqualTo(IntStream.range(0, count).boxed().toList());
        }
    }

    @Test
    void manyThreadsPostAndEachOnesOrderIsKept() throws InterruptedException {
        int perThread = 20_000;
        List<String> all = new ArrayList<>();
        Mailbox.Receiver collect = (items, from, to) -> {
            for (int i = from; i < to; i++) {
                all.add((String) items[i]);
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String name = t + ":";
            Thread thread = new Thread(
                    () -> IntStream.range(0, perThread).forEach(i -> mailbox.post(collect, name + i, 0)),
                    "poster " + t);
            threads.add(thread);
            thread.start();
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            mailbox.drain();
            Thread.onSpinWait();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        mailbox.drain();
        assertThat(all).hasSize(4 * perThread);
        for (int t = 0; t < 4; t++) {
            String name = t + ":";
            assertThat(all.stream().filter(each -> each.startsWith(name)).toList())
                    .isEqualTo(IntStream.range(0, perThread)
                            .mapToObj(i -> name + i)
                            .toList());
        }
    }
}

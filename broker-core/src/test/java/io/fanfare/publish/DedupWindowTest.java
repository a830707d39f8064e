package io.fanfare.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.MemoryOptions;
import io.fanfare.testing.HandClock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which ids of one owner are known, and what they take. */
class DedupWindowTest {

    /** Of an id with a key of three characters. */
    private static final long ID_BYTES = DedupId.bytes("000");

    private final HandClock clock = new HandClock();
    private final Loops loops = new Loops(clock);
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);

    private DedupWindows windows = new DedupWindows(DedupOptions.DEFAULT, memory, loops);

    private static DedupId id(int number) {
        return new DedupId(DedupId.Owner.BROKER, "%03d".formatted(number));
    }

    private DedupWindow withIds(int count) {
        DedupWindow window = windows.enter(DedupId.Owner.BROKER);
        window.add(IntStream.range(0, count).mapToObj(DedupWindowTest::id).toList());
        return window;
    }

    @Test
    void anIdThatComesAgainBehindItsTimeTakesItsBytesOnceAndTheNewestPlace() {
        DedupWindow window = withIds(150);
        clock.pass(DedupOptions.DEFAULT.dedupWindow());
        window.forgetOld();
        assertThat(window.isPublished(id(149)))
                .as("its time is over, it is there still")
                .isFalse();
        long before = window.bytes();
        window.add(List.of(id(100)));
        assertThat(window.bytes()).isEqualTo(before);
        window.forgetOld();
        assertThat(window.bytes()).as("behind those that are too old").isEqualTo(before - 49 * ID_BYTES);
        assertThat(window.isPublished(id(100))).isTrue();
    }

    @Test
    void oldIdsMakeRoomForANewOneAndTakeNoBytesAnyMore() {
        windows = new DedupWindows(DedupOptions.builder().maxDedupIds(10).build(), memory, loops);
        DedupWindow window = withIds(10);
        long before = window.bytes();
        long held = memory.bytes();
        window.add(List.of(id(10)));
        assertThat(window.isPublished(id(0))).isFalse();
        assertThat(window.isPublished(id(1))).isTrue();
        assertThat(window.isPublished(id(10))).isTrue();
        assertThat(window.bytes()).isEqualTo(before);
        assertThat(memory.bytes()).isEqualTo(held);
    }

    @Test
    void aNewIdThatNeedsMoreRoomThanThereIsHasABoundedNumberForgotten() {
        windows = new DedupWindows(DedupOptions.builder().maxDedupBytes(40_000).build(), memory, loops);
        DedupWindow window = withIds(DedupWindow.STEPS + 10);
        window.add(List.of(new DedupId(DedupId.Owner.BROKER, "x".repeat(40_000))));
        assertThat(window.isPublished(id(DedupWindow.STEPS - 1))).isFalse();
        assertThat(window.isPublished(id(DedupWindow.STEPS))).isTrue();
    }

    @Test
    void aWindowWithoutIdsEndsWithTheVisit() {
        long before = memory.bytes();
        DedupWindow window = withIds(0);
        assertThat(memory.bytes()).isEqualTo(before + window.bytes());
        window.close();
        assertThat(memory.bytes()).isEqualTo(before);
    }

    @Test
    void theNameOfTheOwnerCountsToo() {
        long without = windows.enter(DedupId.Owner.BROKER).bytes();
        assertThat(windows.enter(DedupId.Owner.user("alice")).bytes()).isEqualTo(without + "alice".length());
    }
}

package io.fanfare.retention;

import io.fanfare.message.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages in their order, each with when it came. One more moves a bounded number of them: they are in blocks, of which there is
 * one small one as long as there are few. Guarded by the topic's lock.
 */
final class HistoryPlaces {

    /** Places of a block where there are several. */
    static final int BLOCK = 256;

    private static final int FIRST_CAPACITY = 8;

    /** Some places. */
    private static final class Block {
        @Nullable
        Message[] messages;

        long[] came;
        long[] times;

        Block(int capacity) {
            messages = new Message[capacity];
            came = new long[capacity];
            times = new long[capacity];
        }

        int capacity() {
            return came.length;
        }

        /** Moves the places from one on to the beginning of as many others. */
        void move(int from, int capacity) {
            messages = Arrays.copyOfRange(messages, from, from + capacity);
            came = Arrays.copyOfRange(came, from, from + capacity);
            times = Arrays.copyOfRange(times, from, from + capacity);
        }
    }

    /** A circle; the length is a power of two. */
    private @Nullable Block[] blocks = {new Block(FIRST_CAPACITY)};

    private int firstBlock;
    private int blockCount = 1;

    /** Where the first message is in the first block. */
    private int first;

    private int size;

    int size() {
        return size;
    }

    Message message(int index) {
        Message message = block(index).messages[slot(index)];
        if (message == null) {
            throw new IllegalStateException("nothing at " + index + " of " + size);
        }
        return message;
    }

    /** When it came, by {@link io.fanfare.loop.BrokerClock#uptimeMillis}. */
    long came(int index) {
        return block(index).came[slot(index)];
    }

    /** When it came, in milliseconds of the epoch. */
    long time(int index) {
        return block(index).times[slot(index)];
    }

    private Block block(int index) {
        return blockAt((first + index) / BLOCK);
    }

    private int slot(int index) {
        return (first + index) % BLOCK;
    }

    private Block blockAt(int number) {
        Block block = blocks[(firstBlock + number) & (blocks.length - 1)];
        if (block == null) {
            throw new IllegalStateException("no block " + number + " of " + blockCount);
        }
        return block;
    }

    /**
     * Adds a message at the end.
     *
     * @return how many places, or blocks, it moved
     */
    int add(Message message, long came, long time) {
        int moved = makeRoom();
        Block last = block(size);
        last.messages[slot(size)] = message;
        last.came[slot(size)] = came;
        last.times[slot(size)] = time;
        size++;
        return moved;
    }

    private int makeRoom() {
        Block only = blockAt(0);
        if (only.capacity() < BLOCK) {
            if (first + size < only.capacity()) {
                return 0;
            }
            only.move(first, size <= only.capacity() / 2 ? only.capacity() : 2 * only.capacity());
            first = 0;
            return size;
        }
        if (first + size < blockCount * BLOCK) {
            return 0;
        }
        int moved = 0;
        if (blockCount == blocks.length) {
            // a reference for each 256 messages
            @Nullable Block[] larger = new Block[2 * blocks.length];
            for (int i = 0; i < blockCount; i++) {
                larger[i] = blockAt(i);
            }
            moved = blockCount;
            blocks = larger;
            firstBlock = 0;
        }
        blocks[(firstBlock + blockCount++) & (blocks.length - 1)] = new Block(BLOCK);
        return moved;
    }

    void removeFirst() {
        blockAt(0).messages[first] = null;
        first++;
        size--;
        if (size == 0) {
            blocks = new Block[] {new Block(FIRST_CAPACITY)};
            firstBlock = 0;
            blockCount = 1;
            first = 0;
        } else if (first == BLOCK) {
            blocks[firstBlock] = null;
            firstBlock = (firstBlock + 1) & (blocks.length - 1);
            blockCount--;
            first = 0;
        }
    }
}

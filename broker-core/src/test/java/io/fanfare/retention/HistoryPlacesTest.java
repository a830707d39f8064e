package io.fanfare.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryPlacesTest {

    private static final SendProperties PLAIN = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);

    private final HistoryPlaces places = new HistoryPlaces();
    private final Deque<Long> model = new ArrayDeque<>();
    private long sequence;

    private int comes() {
        Message message = new Message(Headers.EMPTY, new byte[0], 0, PLAIN, null);
        message.placeNumbered(1, ++sequence, new Message.Epoch("e", 0));
        model.add(sequence);
        return places.add(message, 10 * sequence, 100 * sequence);
    }

    private void goes() {
        model.remove();
        places.removeFirst();
    }

    private void isAsTheModel() {
        assertThat(places.size()).isEqualTo(model.size());
        int index = 0;
        for (long expected : model) {
            assertThat(places.message(index).sequence()).isEqualTo(expected);
            assertThat(places.came(index)).isEqualTo(10 * expected);
            assertThat(places.time(index)).isEqualTo(100 * expected);
            index++;
        }
    }

    @Test
    void aMessageMoreMovesABoundedNumberOfOthers() {
        int most = 0;
        for (int i = 0; i < 1 << 18; i++) {
            most = Math.max(most, comes());
        }
        // a block while there is one, a reference for each 256 messages afterwards
        assertThat(most).isBetween(HistoryPlaces.BLOCK / 2, (1 << 18) / HistoryPlaces.BLOCK);
    }

    @Test
    void aHistoryThatStaysShortMovesFewAtATime() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(comes()).isLessThanOrEqualTo(HistoryPlaces.BLOCK);
            if (model.size() > 20) {
                goes();
            }
        }
        isAsTheModel();
    }

    @Test
    void messagesThatComeAndGoInAnyNumberKeepTheirOrderAndTheirTimes() {
        long seed = new Random().nextLong();
        System.out.println("places of a history: seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            for (int i = random.nextInt(3) * random.nextInt(700); i > 0; i--) {
                comes();
            }
            for (int i = Math.min(model.size(), random.nextInt(3) * random.nextInt(700)); i > 0; i--) {
                goes();
            }
            isAsTheModel();
        }
    }
}

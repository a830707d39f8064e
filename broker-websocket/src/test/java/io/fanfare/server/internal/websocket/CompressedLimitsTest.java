package io.fanfare.server.internal.websocket;

import static io.fanfare.server.internal.websocket.CompressedScene.compressed;
import static io.fanfare.server.internal.websocket.CompressedScene.raw;
import static io.fanfare.server.internal.websocket.CompressedScene.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Wire;
import io.fanfare.testing.WsFrame;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compressed messages may cost: memory, and time of other connections. */
class CompressedLimitsTest {

    private final CompressedScene scene = new CompressedScene();
    private final Heard heard = scene.heard;
    private final MessageReader reader = scene.reader;

    @Test
    @DisplayName("item 29: 200 KiB that inflate to 200 MiB end at the limit")
    void bombsEndAtTheLimit() {
        byte[] bomb = CompressedScene.bomb(200);
        assertThat(bomb.length).isLessThan(256 << 10);
        scene.reads(raw(bomb));
        scene.goesOn();

        assertThat(heard.fault).isEqualTo("message too large");
        assertThat(heard.payload.size()).isLessThanOrEqualTo(CompressedScene.MAX_FRAME);
    }

    @ParameterizedTest(name = "{0} B more than the limit")
    @ValueSource(ints = {0, 1})
    void theLimitIsForWhatAMessageInflatesTo(int more) {
        for (boolean isNoise : new boolean[] {false, true}) {
            byte[] payload = new byte[100_000 + more];
            if (isNoise) {
                new Random(more).nextBytes(payload);
            }
            CompressedScene each = new CompressedScene(100_000);
            each.reads(raw(Wire.deflated(payload)));
            each.goesOn();

            assertThat(each.heard.fault).as("noise: %s", isNoise).isEqualTo(more == 0 ? null : "message too large");
        }
    }

    @Test
    void moreThanAMessageOfTheLimitCanTakeIsRefusedBeforeItComes() {
        WsFrame frame = raw(new byte[0]);
        CompressedScene whole = new CompressedScene(100_000);
        whole.reads(frame.header(100_455));
        assertThat(whole.heard.fault).isEqualTo("message too large");

        CompressedScene fragments = new CompressedScene(100_000);
        fragments.reads(frame.notLast().header(100_454));
        fragments.reads(new byte[100_454]);
        assertThat(fragments.heard.fault).isNull();
        fragments.reads(WsFrame.of(WsFrame.CONTINUATION, new byte[1]));
        assertThat(fragments.heard.fault).isEqualTo("message too large");
    }

    @Test
    void fragmentsOfCompressedMessagesHaveABudgetToo() {
        scene.reads(raw(new byte[0]).notLast());
        for (int i = 0; i < 1023; i++) {
            scene.reads(WsFrame.of(WsFrame.CONTINUATION, new byte[0]).notLast());
        }
        assertThat(heard.fault).isNull();
        scene.reads(WsFrame.of(WsFrame.CONTINUATION, new byte[0]).notLast());

        assertThat(heard.fault).isEqualTo("too many fragments");
    }

    // ---- turns ------------------------------------------------------------------------------------------------------

    @Test
    void aClientThatMustWaitIsNotHandedMuchMore() {
        heard.mustWait = true;
        byte[] payload = text(3 << 20);
        scene.reads(compressed(WsFrame.BINARY, payload), WsFrame.binary("behind"));
        assertThat(reader.holdsBack()).isTrue();
        assertThat(reader.isInsideMessage()).isTrue();
        assertThat(heard.payload.size()).isBetween(64 << 10, 192 << 10);
        int before = heard.payload.size();
        reader.goOn();
        assertThat(heard.payload.size() - before).isBetween(64 << 10, 192 << 10);

        heard.mustWait = false;
        scene.goesOn();
        assertThat(heard.fault).isNull();
        byte[] all = heard.payload.toByteArray();
        assertThat(Arrays.equals(Arrays.copyOf(all, payload.length), payload)).isTrue();
        assertThat(new String(all, payload.length, all.length - payload.length, UTF_8))
                .isEqualTo("behind");
    }

    @Test
    void otherConnectionsHaveTheirTurnsBetweenMuchThatWasSmall() {
        WsFrame small = compressed(WsFrame.BINARY, new byte[1 << 20]);
        WsFrame[] frames = new WsFrame[20];
        Arrays.fill(frames, small);
        scene.reads(frames);
        int turns = 1;
        while (reader.holdsBack()) {
            int before = heard.payload.size();
            reader.goOn();
            assertThat(heard.payload.size() - before).isLessThanOrEqualTo((1 << 20) + (64 << 10));
            turns++;
        }

        assertThat(turns).isGreaterThan(18);
        assertThat(heard.payload.size()).isEqualTo(20 << 20);
    }

    @Test
    void whatComesWhileSomethingIsHeldBackComesBehindIt() {
        heard.mustWait = true;
        scene.reads(compressed(WsFrame.BINARY, new byte[200_000]), WsFrame.binary("1"));
        scene.reads(WsFrame.binary("2"));
        heard.mustWait = false;
        scene.reads(WsFrame.binary("3"));
        reader.goOn();

        byte[] all = heard.payload.toByteArray();
        assertThat(new String(all, 200_000, all.length - 200_000, UTF_8)).isEqualTo("123");
        assertThat(reader.holdsBack()).isFalse();
    }

    @Test
    void inputThatIsThrownAwayIsNotInflated() {
        heard.mustWait = true;
        scene.reads(compressed(WsFrame.TEXT, text(1 << 20)), WsFrame.text("behind"));
        int before = heard.payload.size();
        reader.discardInput();
        reader.goOn();
        scene.reads(compressed(WsFrame.TEXT, text(10)));
        reader.end();

        assertThat(reader.holdsBack()).isFalse();
        assertThat(heard.payload.size()).isEqualTo(before);
        assertThat(heard.fault).isNull();
    }
}

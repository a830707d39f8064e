package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.feed;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Transcript;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is encoded decodes to itself, for random frames; a failure names the seed. */
@Tag("item-48")
@Tag("item-50")
@Tag("item-51")
@Tag("item-52")
class RoundTripTest {

    private static final int FRAMES = 1_000;

    @ParameterizedTest
    @EnumSource
    void aFrameDecodesToWhatWasEncoded(StompVersion version) {
        for (long seed = 0; seed < FRAMES; seed++) {
            Frame frame = new RandomFrames(seed, version).next();

            assertThat(feed(decoder(version), FrameEncoder.encode(frame, version)))
                    .as("seed %d, STOMP %s", seed, version)
                    .containsExactly(frame);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamOfFramesCutAtRandomDecodesToWhatWasEncoded(StompVersion version) {
        for (long seed = 0; seed < FRAMES / 10; seed++) {
            Random random = new Random(seed);
            RandomFrames frames = new RandomFrames(seed, version);
            FrameDecoder decoder = decoder(version);
            List<Frame> sent = new ArrayList<>();
            List<Frame> received = new ArrayList<>();
            byte[] pending = new byte[0];
            for (int i = 0; i < 10; i++) {
                Frame frame = frames.next();
                sent.add(frame);
                pending = Transcript.join(pending, FrameEncoder.encode(frame, version), "\n".repeat(random.nextInt(3)));
                int cut = random.nextInt(pending.length + 1);
                received.addAll(feed(decoder, Arrays.copyOf(pending, cut)));
                pending = Arrays.copyOfRange(pending, cut, pending.length);
            }
            received.addAll(feed(decoder, pending));

            assertThat(received).as("seed %d, STOMP %s", seed, version).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasDecodedFromOneVersionReachesAReceiverOfEach(StompVersion sender) {
        for (long seed = 0; seed < FRAMES; seed++) {
            // what 1.0 can express, all can
            Frame frame = new RandomFrames(seed, StompVersion.V1_0).next();
            Frame read =
                    feed(decoder(sender), FrameEncoder.encode(frame, sender)).get(0);
            for (StompVersion receiver : StompVersion.values()) {
                assertThat(feed(decoder(receiver), FrameEncoder.encode(read, receiver)))
                        .as("seed %d, STOMP %s to %s", seed, sender, receiver)
                        .containsExactly(frame);
            }
        }
    }
}

package io.fanfare.nats.internal.kept;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What nodes know of durable subscriptions, by the records of their stream. */
class DurableTableTest {

    private static final DurableKey KEY = new DurableKey("bob", "c", "d");
    private static final DurableTerms TERMS = new DurableTerms(List.of("/topic/a"), "", false);

    private final DurableTable table = new DurableTable();
    private long sequence;

    private static DurableProgress upTo(long number, Long... open) {
        return new DurableProgress("e", number, List.of(open));
    }

    private static DurableRecord claim(String id, long life) {
        return DurableRecord.claim(KEY, TERMS, id, "n1", "", life, upTo(0));
    }

    private DurableTable.Entry applies(DurableRecord record) {
        table.apply(++sequence, 0, record);
        return Objects.requireNonNull(table.get(record.key()));
    }

    @Test
    void aRecordIsReadAsItWasWritten() {
        DurableRecord record = new DurableRecord(
                DurableRecord.Kind.SAVE,
                new DurableKey("a: ü\n", "", "x"),
                new DurableTerms(List.of("/topic/a", "/topic/b.#"), "k = ':'", true),
                "c-1",
                "n",
                "s",
                3,
                4,
                upTo(900, 7L, 8L, 899L),
                true,
                Long.MAX_VALUE);
        assertThat(DurableRecord.read(record.bytes())).isEqualTo(record);
    }

    @Test
    void theNextClaimGoesOnWhereTheHolderBeforeHasSaved() {
        DurableTable.Entry first = applies(claim("1", 0));
        assertThat(first.progressOrder()).as("new").isZero();
        applies(claim("1", 0).save(first.life(), first.order(), upTo(9, 5L), true, 0));
        DurableTable.Entry second = applies(claim("2", first.life()));
        assertThat(second.progress()).isEqualTo(upTo(9, 5L));
        assertThat(second.isLeft()).isTrue();
        assertThat(second.isAway()).as("claimed again").isFalse();
    }

    @Test
    void whatAHolderSavesBehindTheNextOnesFirstSaveIsNothing() {
        DurableTable.Entry first = applies(claim("1", 0));
        applies(claim("1", 0).save(first.life(), first.order(), upTo(9), false, 0));
        DurableTable.Entry second = applies(claim("2", first.life()));
        applies(claim("2", 0).save(second.life(), second.order(), upTo(9), false, 0));
        DurableTable.Entry late = applies(claim("1", 0).save(first.life(), first.order(), upTo(3), true, 0));
        assertThat(late.progress()).isEqualTo(upTo(9));
        assertThat(late.last().claim()).isEqualTo("2");
    }

    @Test
    void anEndIsForGoodAndAHolderThatDoesNotKnowBringsNothingBack() {
        DurableTable.Entry first = applies(claim("1", 0));
        table.apply(++sequence, 0, DurableRecord.end(KEY, "x"));
        table.apply(++sequence, 0, claim("1", 0).save(first.life(), first.order(), upTo(9), false, 0));
        assertThat(table.get(KEY)).isNull();
        assertThat(applies(claim("2", first.life())).progressOrder()).as("new").isZero();
    }

    @Test
    void otherTermsAreANewOne() {
        DurableTable.Entry first = applies(claim("1", 0));
        applies(claim("1", 0).save(first.life(), first.order(), upTo(9), true, 0));
        DurableTable.Entry other = applies(DurableRecord.claim(
                KEY, new DurableTerms(List.of("/topic/b"), "", false), "2", "n1", "", first.life(), upTo(20)));
        assertThat(other.progress()).isEqualTo(upTo(20));
        assertThat(other.life()).isNotEqualTo(first.life());
    }

    @Test
    void whatHasHadNoRecordForTheTimeIsForgotten() {
        table.apply(1, 1_000, claim("1", 0));
        table.expire(61_000, Duration.ofMinutes(1));
        assertThat(table.get(KEY)).isNotNull();
        table.expire(61_001, Duration.ofMinutes(1));
        assertThat(table.get(KEY)).isNull();
    }

    /** A stream keeps the last record of each subject alone: a node that reads it later must know what the others do. */
    @Test
    void aNodeThatReadsLaterKnowsTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            List<DurableRecord> all = history(random);
            DurableTable live = new DurableTable();
            Map<String, Long> last = new LinkedHashMap<>();
            for (int i = 0; i < all.size(); i++) {
                live.apply(i + 1, 0, all.get(i));
                DurableRecord each = all.get(i);
                last.put(each.kind() == DurableRecord.Kind.SAVE ? each.claim() : "head", (long) i);
            }
            DurableTable fresh = new DurableTable();
            for (int i = 0; i < all.size(); i++) {
                if (last.containsValue((long) i)) {
                    fresh.apply(i + 1, 0, all.get(i));
                }
            }
            assertThat(shown(fresh)).as("seed %d run %d: %s", seed, run, all).isEqualTo(shown(live));
        }
    }

    private static String shown(DurableTable table) {
        DurableTable.Entry entry = table.get(KEY);
        return entry == null
                ? "none"
                : entry.last().claim() + " " + entry.progress() + " " + entry.isLeft() + " " + entry.life();
    }

    /** Claims that save before anything else, as they do; holders that do not know that they are none any more; ends. */
    private static List<DurableRecord> history(Random random) {
        List<DurableRecord> all = new ArrayList<>();
        DurableTable known = new DurableTable();
        List<DurableTable.Entry> holders = new ArrayList<>();
        int claims = 0;
        for (int i = 0; i < 12; i++) {
            int what = random.nextInt(10);
            DurableTable.Entry entry = known.get(KEY);
            if (what < 3) {
                DurableRecord claim = claim("c" + ++claims, entry == null ? 0 : entry.life());
                all.add(claim);
                known.apply(all.size(), 0, claim);
                DurableTable.Entry now = Objects.requireNonNull(known.get(KEY));
                holders.add(now);
                add(all, known, claim.save(now.life(), now.order(), now.progress(), false, 0));
            } else if (what < 9 && !holders.isEmpty()) {
                DurableTable.Entry holder = holders.get(random.nextInt(holders.size()));
                DurableProgress progress = upTo(10 * i + random.nextInt(5));
                add(
                        all,
                        known,
                        holder.last()
                                .save(
                                        holder.life(),
                                        holder.order(),
                                        progress,
                                        random.nextBoolean(),
                                        random.nextInt(2)));
            } else if (what == 9) {
                add(all, known, DurableRecord.end(KEY, "end" + i));
            }
        }
        return all;
    }

    private static void add(List<DurableRecord> all, DurableTable known, DurableRecord record) {
        all.add(record);
        known.apply(all.size(), 0, record);
    }
}

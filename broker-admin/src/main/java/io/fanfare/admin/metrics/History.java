package io.fanfare.admin.metrics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last samples of every {@link Series}, in arrays that are allocated once: 3,600 samples, an hour at one a second,
 * take about 780 kB. Any thread may call.
 */
public final class History {

    /** An hour of samples, one a second. */
    public static final int SAMPLES = 3_600;

    private final long[] times;
    private final double[][] values;

    /** How many samples have come; the next one has its place at this, modulo the arrays' length. */
    private long count;

    /** Without samples. */
    History(int samples) {
        times = new long[samples];
        values = new double[Series.values().length][samples];
    }

    synchronized void add(Instant time, Series.Span span) {
        int index = (int) (count++ % times.length);
        times[index] = time.toEpochMilli();
        for (Series series : Series.values()) {
            values[series.ordinal()][index] = rounded(series.of(span));
        }
    }

    /** To six decimals: a microsecond, and short in JSON. */
    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /** The values of the last sample, by the series' keys; with {@code time}, milliseconds of the epoch. */
    synchronized Map<String, Object> last() {
        int index = (int) ((count - 1) % times.length);
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("time", times[index]);
        for (Series series : Series.values()) {
            sample.put(series.key(), values[series.ordinal()][index]);
        }
        return sample;
    }

    /**
     * Samples as an object for JSON: {@code times} is a list of milliseconds of the epoch, oldest first; {@code series}
     * has a list of as many numbers for the key of each {@link Series}. A pause of the process is a gap between two
     * times.
     *
     * @param time of a sample, in milliseconds of the epoch: newer ones are wanted
     * @param most samples, the newest
     */
    public synchronized Map<String, Object> after(long time, int most) {
        long known = Math.min(Math.min(count, times.length), most);
        int size = 0;
        while (size < known && times[(int) ((count - 1 - size) % times.length)] > time) {
            size++;
        }
        return newest(size);
    }

    private Map<String, Object> newest(int size) {
        long first = count - size;
        List<Long> shownTimes = new ArrayList<>(size);
        for (long i = first; i < count; i++) {
            shownTimes.add(times[(int) (i % times.length)]);
        }
        Map<String, List<Double>> series = new LinkedHashMap<>();
        for (Series each : Series.values()) {
            List<Double> shown = new ArrayList<>(size);
            for (long i = first; i < count; i++) {
                shown.add(values[each.ordinal()][(int) (i % times.length)]);
            }
            series.put(each.key(), shown);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("times", shownTimes);
        map.put("series", series);
        return map;
    }
}

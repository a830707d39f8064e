package io.fanfare.examples.ticker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Invented shares, whose prices walk at random. Owned by one thread. */
final class Market {

    private static final List<String> FIRST = List.of(
            "Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Heron", "Iris", "Jade", "Karst", "Lumen",
            "Maple", "Nova", "Onyx", "Pearl", "Quartz", "River", "Sable", "Tidal", "Umber", "Vesta", "Willow", "Xenon",
            "Yarrow");
    private static final List<String> SECOND = List.of(
            "Airways",
            "Bank",
            "Chemicals",
            "Drinks",
            "Energy",
            "Foods",
            "Glass",
            "Health",
            "Insurance",
            "Jewels",
            "Kitchens",
            "Logistics",
            "Media",
            "Networks",
            "Optics",
            "Paper",
            "Rail",
            "Steel",
            "Tools",
            "Utilities");
    private static final List<String> EXCHANGES = List.of("Northport", "Eastgate", "Southmoor", "Westhaven");

    static final int MAX_SHARES = FIRST.size() * SECOND.size();

    private final Random random = new Random();
    private final List<Share> shares = new ArrayList<>();
    private long changes;
    private long sum;

    Market(int size) {
        for (int i = 0; i < size; i++) {
            shares.add(new Share(i));
        }
    }

    /** Every share, each as a change of its own. */
    List<Quote> open() {
        return shares.stream().map(share -> share.change(0)).toList();
    }

    /** Changes the price of some share by some cents. */
    Quote change() {
        int cents = 1 + random.nextInt(9);
        return shares.get(random.nextInt(shares.size())).change(random.nextBoolean() ? cents : -cents);
    }

    /** The number of changes so far. */
    long changes() {
        return changes;
    }

    /** The sum of the numbers of every share's newest change: equal to that of a table which has them all. */
    long sum() {
        return sum;
    }

    private final class Share {

        private final String symbol;
        private final String name;
        private final String exchange;
        private final String sector;
        private final int openCents;
        private int cents;
        private int highCents;
        private int lowCents;
        private long volume;
        private long newest;

        Share(int index) {
            String first = FIRST.get(index % FIRST.size());
            String second = SECOND.get(index / FIRST.size());
            // no two words of a list begin with the same letter
            symbol = (first.substring(0, 2) + second.substring(0, 2)).toUpperCase(Locale.ROOT);
            name = first + " " + second;
            sector = second;
            exchange = EXCHANGES.get(index % EXCHANGES.size());
            openCents = 1_000 + random.nextInt(20_000);
            cents = openCents;
            highCents = openCents;
            lowCents = openCents;
        }

        private Quote change(int by) {
            cents = Math.max(100, cents + by);
            highCents = Math.max(highCents, cents);
            lowCents = Math.min(lowCents, cents);
            volume += 10 * (1 + random.nextInt(50));
            changes++;
            sum += changes - newest;
            newest = changes;
            return new Quote(
                    symbol,
                    name,
                    exchange,
                    sector,
                    "EUR",
                    euros(openCents),
                    euros(highCents),
                    euros(lowCents),
                    euros(cents),
                    euros(cents - 1),
                    euros(cents + 1),
                    volume,
                    changes,
                    System.currentTimeMillis());
        }
    }

    private static double euros(int cents) {
        return cents / 100.0;
    }
}

package io.fanfare.examples.ticker;

/**
 * The price of a share, as it is published.
 *
 * @param open the price at the beginning; it and the members before it never change
 * @param n the number of this change, counted over all shares from 1
 * @param time of the change, milliseconds since 1970
 */
record Quote(
        String symbol,
        String name,
        String exchange,
        String sector,
        String currency,
        double open,
        double high,
        double low,
        double price,
        double bid,
        double ask,
        long volume,
        long n,
        long time) {}

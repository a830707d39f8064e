/**
 * Many price changes a second, and what they cost pages that follow them in different ways.
 *
 * <p>{@link io.fanfare.examples.ticker.Ticker} starts an embedded broker, a {@code PricePublisher} and a page. The page has four
 * connections to the broker, each with a subscription of another kind.
 */
@NullMarked
package io.fanfare.examples.ticker;

import org.jspecify.annotations.NullMarked;

package io.fanfare.examples.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarketTest {

    @Test
    void everyShareHasASymbolOfItsOwn() {
        assertThat(new Market(Market.MAX_SHARES).open().stream().map(Quote::symbol))
                .hasSize(500)
                .doesNotHaveDuplicates()
                .allMatch(symbol -> symbol.matches("[A-Z]{4}"));
    }

    @Test
    void theSumIsThatOfATableWithTheNewestQuotes() {
        Market market = new Market(3);
        Map<String, Long> table = new HashMap<>();
        market.open().forEach(quote -> table.put(quote.symbol(), quote.n()));
        for (int i = 0; i < 100; i++) {
            Quote quote = market.change();
            table.put(quote.symbol(), quote.n());
            assertThat(table.values().stream().mapToLong(n -> n).sum()).isEqualTo(market.sum());
        }
        assertThat(market.changes()).isEqualTo(103);
    }
}

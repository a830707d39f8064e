package io.fanfare.benchmarks;

import io.fanfare.frame.Headers;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Evaluates one selector for one message. */
public class SelectorBenchmark extends Defaults {

    @Param({
        "price > 10",
        "symbol = 'FNF'",
        "symbol IN ('ACME', 'FNF') AND price BETWEEN 10 AND 20",
        "symbol LIKE 'F_F%' OR price * 2 > 100"
    })
    String text;

    private final Headers headers =
            Headers.of("destination", "/topic/prices", "content-type", "text/plain", "symbol", "FNF", "price", "17");
    private Selector selector;

    @Setup
    public void parse() throws InvalidSelectorException {
        selector = Selector.parse(text);
    }

    @Benchmark
    public boolean matches() {
        return selector.matches(headers::get);
    }
}

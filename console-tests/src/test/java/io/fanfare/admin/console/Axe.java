package io.fanfare.admin.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Looks for barriers on a page, with axe. */
final class Axe {

    private static final String SCRIPT = script();

    private Axe() {}

    /** What axe finds on a page that is serious or worse, a line each. */
    @SuppressWarnings("unchecked")
    static List<String> barriers(Page page) {
        if (Boolean.FALSE.equals(page.evaluate("'axe' in window"))) {
            page.evaluate(SCRIPT);
        }
        return (List<String>) page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                  .filter(found => found.impact === 'serious' || found.impact === 'critical')
                  .flatMap(found => found.nodes.map(node => `${found.id}: ${node.target} ${node.failureSummary}`))
                """);
    }

    private static String script() {
        try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

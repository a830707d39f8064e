package io.fanfare.cli.check;

import java.util.Locale;

/** The result of one check. */
enum Verdict {
    PASS,
    /** The broker does not do its duty. */
    FAIL,
    /** The broker takes what it may refuse, or refuses in a softer way than the rule says; no client is hurt. */
    LENIENT,
    SKIPPED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.fanfare.cli.check;

/** Result of a probe whose duty was not done: a verdict and what came instead. */
final class Finding extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Verdict verdict;

    private Finding(Verdict verdict, String note) {
        super(note);
        this.verdict = verdict;
    }

    static Finding fail(String note) {
        return new Finding(Verdict.FAIL, note);
    }

    static Finding lenient(String note) {
        return new Finding(Verdict.LENIENT, note);
    }

    static Finding skipped(String note) {
        return new Finding(Verdict.SKIPPED, note);
    }

    /** Fails unless the condition holds. */
    static void require(boolean condition, String note) {
        if (!condition) {
            throw fail(note);
        }
    }

    /** Fails unless the two are equal. */
    static void same(String what, Object expected, Object actual) {
        require(expected.equals(actual), what + " is " + Reply.shown(actual) + ", not " + Reply.shown(expected));
    }

    Verdict verdict() {
        return verdict;
    }

    String note() {
        return String.valueOf(getMessage());
    }
}

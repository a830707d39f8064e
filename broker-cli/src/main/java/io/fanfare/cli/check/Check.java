package io.fanfare.cli.check;

/**
 * One duty of a broker, and the probe that tests it.
 *
 * @param item its number in docs/conformance.md
 * @param rule the duty in one line
 * @param source the specification's section, or why other software relies on it
 */
record Check(int item, String rule, String source, Scope scope, Probe probe) {

    /** The transports that a duty exists on. */
    enum Scope {
        ANY,
        WEB_SOCKET
    }

    /** Tests one duty: returns when the broker does it, else throws a {@link Finding}. */
    interface Probe {
        void run(Trial trial);
    }

    static Check stomp(int item, String rule, String source, Probe probe) {
        return new Check(item, rule, source, Scope.ANY, probe);
    }

    static Check webSocket(int item, String rule, String source, Probe probe) {
        return new Check(item, rule, source, Scope.WEB_SOCKET, probe);
    }

    boolean appliesTo(Target target) {
        return scope == Scope.ANY || target.isWebSocket();
    }
}

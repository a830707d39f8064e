package io.fanfare.cli.check;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order of their items. */
final class Checks {

    static final List<Check> ALL = Stream.of(
                    HandshakeChecks.ALL,
                    FramingChecks.ALL,
                    GrammarChecks.ALL,
                    EscapingChecks.ALL,
                    ConnectChecks.ALL,
                    HeartBeatChecks.ALL,
                    SendChecks.ALL,
                    SubscribeChecks.ALL,
                    AckChecks.ALL,
                    TransactionChecks.ALL)
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(Check::item))
            .toList();

    private Checks() {}
}

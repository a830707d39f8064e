package io.fanfare.server.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.BrokerClock;
import io.fanfare.statistics.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an embedder's listeners may do while they are told of a refused socket. */
class AdmissionTest {

    private final SelectorLoop loop = new SelectorLoop(null, BrokerClock.SYSTEM);
    private final List<Refusal> refused = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private boolean locked;
    private Admission admission;

    private AcceptedSocket socket(int port) {
        return new AcceptedSocket(
                admission, loop, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), () -> {});
    }

    private void admissionOf(Admission.Limits limits) {
        admission = new Admission(limits, (why, peer, detail) -> {
            refused.add(why);
            details.add(detail);
            locked |= Thread.holdsLock(admission);
        });
    }

    @Test
    void aListenerIsToldOfARefusalWithoutTheLockThatAllAcceptsNeed() {
        admissionOf(new Admission.Limits(2, 1, 1));
        AcceptedSocket first = socket(1);
        AcceptedSocket second = socket(2);
        admission.accepted(first);
        admission.accepted(second);
        assertThat(second.admit()).isEmpty();
        assertThat(socket(3).admit())
                .hasValueSatisfying(why -> assertThat(why).contains("max_connections_per_address"));
        assertThat(refused).containsExactly(Refusal.TOO_MANY_PENDING, Refusal.TOO_MANY_FOR_ADDRESS);
        assertThat(details)
                .containsExactly(
                        "the broker has 2 sockets whose clients are not CONNECTED, its limit is 1 (max_pending_handshakes)",
                        "this address has 1 connections, its limit is 1 (max_connections_per_address)");
        assertThat(locked).isFalse();
    }

    @Test
    void whatIsRefusedCountsForNothing() {
        admissionOf(new Admission.Limits(1, 0, 10));
        AcceptedSocket first = socket(1);
        assertThat(first.admit()).isEmpty();
        assertThat(socket(2).admit()).hasValueSatisfying(why -> assertThat(why).contains("max_connections"));
        assertThat(admission.connections()).isEqualTo(1);
        admission.closed(first);
        assertThat(socket(3).admit()).isEmpty();
        assertThat(refused).containsExactly(Refusal.TOO_MANY_CONNECTIONS);
        assertThat(locked).isFalse();
    }
}

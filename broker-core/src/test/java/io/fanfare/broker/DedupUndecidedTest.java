package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.options.TopicRule;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import io.fanfare.testing.HandBackplane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Repeats of a message while it is not known whether it is in. */
class DedupUndecidedTest extends BrokerTest {

    @Test
    void aRepeatFromAnotherConnectionWaitsForTheFirstAndIsRefusedWithIt() {
        HandBackplane backplane = new HandBackplane("n1", new ArrayList<>());
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/kept.#").history(3))))
                .backplane(backplane)
                .build());
        String frame = "SEND\ndestination:/topic/kept.a\ndedup-id:1\nreceipt:r\n\n^@";
        Client alice = Clients.connectWith(this, "login:alice");
        Client again = Clients.connectWith(this, "login:alice");
        alice.sends(frame);
        again.sends(frame);
        again.gotNothing();
        assertThat(backplane.appends).hasSize(1);
        backplane.refuses("topic unavailable");
        settle();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "topic unavailable");
        again.gotError(CloseCode.PROTOCOL_ERROR, "topic unavailable");
        Client third = Clients.connectWith(this, "login:alice");
        Client fourth = Clients.connectWith(this, "login:alice");
        third.sends(frame);
        fourth.sends(
                "BEGIN\ntransaction:t\n\n^@",
                frame.replace("receipt:r", "transaction:t"),
                "COMMIT\ntransaction:t\nreceipt:c\n\n^@");
        fourth.gotNothing();
        backplane.keeps();
        settle();
        assertThat(third.next("RECEIPT").has("duplicate")).isFalse();
        fourth.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(backplane.appends).isEmpty();
        third.sends(frame);
        assertThat(third.next("RECEIPT").header("duplicate")).isEqualTo("true");
        pass(Duration.ofMinutes(4));
    }

    private static final String FRAME = "SEND\ndestination:/topic/kept.a\ndedup-id:1\nreceipt:r\n\n^@";

    private final HandBackplane backplane = new HandBackplane("n1", new ArrayList<>());
    private Client bob;

    /**
     * A client whose COMMIT repeats what another connection of its user has sent, and brings one message more; the client
     * sends on meanwhile, and bob would get both.
     */
    private Client committing() {
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/kept.#").history(3))))
                .backplane(backplane)
                .build());
        bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        Clients.connectWith(this, "login:alice").sends(FRAME);
        Client again = Clients.connectWith(this, "login:alice");
        again.sends("BEGIN\ntransaction:t\n\n^@"
                + "SEND\ndestination:/topic/b\ntransaction:t\n\ncommitted^@"
                + FRAME.replace("receipt:r", "transaction:t")
                + "COMMIT\ntransaction:t\nreceipt:c\n\n^@"
                + "SEND\ndestination:/topic/b\n\nbehind^@");
        return again;
    }

    private void commitWaits(Client client) {
        client.gotNothing();
        bob.gotNothing();
        assertThat(backplane.appends).hasSize(1);
        assertThat(broker.memoryBytes()).as("what the COMMIT brings").isGreaterThan(100);
    }

    @Test
    void aCommitLeavesOutARepeatWhoseFirstIsAcceptedMeanwhile() {
        Client client = committing();
        commitWaits(client);
        backplane.keeps();
        settle();
        client.got("RECEIPT\nreceipt-id:c\n\n^@");
        assertThat(backplane.appends).isEmpty();
        assertThat(bob.takeBodies()).containsExactly("committed", "behind");
        pass(Duration.ofMinutes(4));
    }

    @Test
    void aCommitPublishesARepeatWhoseFirstIsRefusedMeanwhile() {
        Client client = committing();
        commitWaits(client);
        backplane.refuses("topic unavailable");
        settle();
        assertThat(backplane.appends).as("the repeat").hasSize(1);
        assertThat(bob.takeBodies()).containsExactly("committed", "behind");
        client.gotNothing();
        backplane.keeps();
        settle();
        client.got("RECEIPT\nreceipt-id:c\n\n^@");
        pass(Duration.ofMinutes(4));
    }

    @Test
    void aCommitThatWaitsOutlivesItsConnection() {
        Client client = committing();
        client.isLost();
        backplane.keeps();
        settle();
        assertThat(bob.takeBodies()).containsExactly("committed");
        pass(Duration.ofMinutes(4));
    }

    @Test
    void aRepeatOfWhatAnotherThreadIsPublishingIsAnsweredBehindItAndHoldsNoLoop() throws Exception {
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        broker.onPublished((destination, sent, body) -> {
            if (destination.equals("/queue/slow")) {
                published.countDown();
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        Headers headers = Headers.of("dedup-id", "1");
        CompletableFuture<Published> first = CompletableFuture.supplyAsync(
                () -> broker.operations().publish(Principal.of("alice"), "/queue/slow", headers, new byte[0]));
        published.await();
        Client alice = Clients.connectWith(this, "login:alice");
        alice.sends("SEND\ndestination:/queue/slow\ndedup-id:1\nreceipt:1\n\n^@");
        alice.sends("SEND\ndestination:/queue/other\ndedup-id:1\nreceipt:2\n\n^@");
        alice.gotNothing();
        assertThat(broker.statistics(2).queues()).hasSize(2).allMatch(queue -> queue.ready() == 1);
        goesOn.countDown();
        assertThat(first.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).duplicate())
                .isFalse();
        settle();
        assertThat(alice.next("the repeat's").header("duplicate")).isEqualTo("true");
        assertThat(alice.next("the other's").has("duplicate")).isFalse();
        pass(Duration.ofMinutes(4));
    }
}

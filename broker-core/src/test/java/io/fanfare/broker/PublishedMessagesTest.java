package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener is told of messages ({@link Broker#onPublished}). */
class PublishedMessagesTest extends BrokerTest {

    private final List<String> published = new ArrayList<>();

    @BeforeEach
    void listen() {
        broker.onPublished((destination, headers, body) -> published.add(destination + " " + new String(body, UTF_8)));
    }

    @Test
    void messageIsToldBeforeItsReceipt() {
        Client alice = connect();
        alice.sends("SEND\ndestination:/queue/a\n\none^@SEND\ndestination:/topic/a,/topic/b\n\ntwo^@");
        broker.publish("/topic/c", Headers.EMPTY, "three".getBytes(UTF_8));
        assertThat(published).containsExactly("/queue/a one", "/topic/a two", "/topic/b two", "/topic/c three");
    }

    @Test
    void transactionIsToldAtItsCommit() {
        Client alice = connect();
        alice.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\ntransaction:t\n\none^@");
        assertThat(published).isEmpty();
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        assertThat(published).containsExactly("/topic/a one");
    }

    @Test
    void delayedMessageIsToldWhenItsTimeHasCome() {
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ndelay:5000\n\none^@");
        assertThat(published).isEmpty();
        pass(Duration.ofSeconds(6));
        assertThat(published).containsExactly("/topic/a one");
    }

    @Test
    void repeatAndRefusedMessageAreNotTold() {
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ndedup-id:1\n\none^@SEND\ndestination:/topic/a\ndedup-id:1\n\none^@");
        alice.sends("SEND\ndestination:/nowhere\n\ntwo^@");
        assertThat(published).containsExactly("/topic/a one");
        // until the window of repeats has no timer any more
        pass(broker.options().dedup().dedupWindow().plusMinutes(1));
    }
}

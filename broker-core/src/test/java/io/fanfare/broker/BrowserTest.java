package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Received;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrowserTest extends BrokerTest {

    private static final String BROWSE = "SUBSCRIBE\nid:b\ndestination:/queue/a\nbrowser:true\n";
    private static final String END = "MESSAGE\nsubscription:b\ndestination:/queue/a\nbrowser:end\n\n^@";

    @Test
    void aBrowserSeesAllAndTakesNothing() {
        fill(2);
        var bob = connect();
        bob.sends(BROWSE + "\n^@");
        bob.got(
                "MESSAGE\nsubscription:b\ndestination:/queue/a\n\n0^@",
                "MESSAGE\nsubscription:b\ndestination:/queue/a\n\n1^@",
                END);
        var carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/queue/a\n\n^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n0^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/queue/a\n\n1^@");
        bob.gotNothing();
    }

    @Test
    void aBrowserGetsNothingThatComesLater() {
        fill(1);
        var bob = connect();
        bob.sends(BROWSE + "\n^@");
        bob.takeAll();
        fill(1);
        bob.gotNothing();
    }

    @Test
    void anEmptyQueueHasAnEndAndIsNotKept() {
        var bob = connect();
        bob.sends(BROWSE + "receipt:r\n\n^@");
        bob.got("RECEIPT\nreceipt-id:r\n\n^@", END);
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aQueueIsNotKeptForABrowserThatHasGone() {
        var bob = connect();
        bob.stopsReading();
        bob.sends(BROWSE + "\n^@");
        bob.isLost();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    void aQueueIsNotKeptForABrowserThatIsEndedBeforeItHasReadIt() {
        var bob = connect();
        bob.stopsReading();
        bob.sends("SEND\ndestination:/topic/a\nreceipt:r\n\n^@");
        bob.sends(BROWSE + "\n^@");
        assertThat(broker.queueCount()).isEqualTo(1);
        bob.sends("UNSUBSCRIBE\nid:b\n\n^@");
        assertThat(broker.queueCount()).isZero();
        bob.reads();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotNothing();
    }

    @Test
    void whatMatchesLateIsFoundAPartATurn() {
        int parts = 20;
        fill(parts * 100);
        connect().sends("SEND\ndestination:/queue/a\nx:1\n\nlast^@");
        var bob = connect();
        bob.feeds(BROWSE + "selector:x = 1\n\n^@");
        int turns = 0;
        while (loop.isWaitedFor()) {
            loop.takeTurn();
            turns++;
        }
        assertThat(turns).isGreaterThan(parts);
        bob.got("MESSAGE\nsubscription:b\ndestination:/queue/a\nx:1\n\nlast^@", END);
    }

    @Test
    void aBrowserWithASelectorSeesWhatMatches() {
        connect().sends("SEND\ndestination:/queue/a\nx:1\n\nyes^@SEND\ndestination:/queue/a\nx:2\n\nno^@");
        var bob = connect();
        bob.sends(BROWSE + "selector:x = 1\n\n^@");
        bob.got("MESSAGE\nsubscription:b\ndestination:/queue/a\nx:1\n\nyes^@", END);
    }

    @Test
    void aLongQueueIsReadInParts() {
        fill(1000);
        var bob = connect();
        bob.connection().room(1000);
        bob.sends(BROWSE + "\n^@");
        assertThat(bob.session().isFlushed()).isFalse();
        for (int i = 0; i < 1000 && !bob.session().isFlushed(); i++) {
            bob.hasRoom(1000);
        }
        List<Received> all = bob.takeAll();
        assertThat(all).hasSize(1001);
        assertThat(all.get(999).text()).isEqualTo("999");
        assertThat(all.get(1000).header("browser")).isEqualTo("end");
    }

    @Test
    void abandonedInTheMiddleItStops() {
        fill(500);
        var bob = connect();
        bob.connection().room(100);
        bob.sends(BROWSE + "\n^@UNSUBSCRIBE\nid:b\nreceipt:r\n\n^@");
        bob.reads();
        assertThat(bob.takeAll().get(0).command()).isEqualTo("RECEIPT");
        bob.gotNothing();
    }

    @Test
    void twoQueuesAreBrowsedOneBehindTheOther() {
        fill(1);
        var bob = connect();
        bob.sends(BROWSE + "\n^@" + BROWSE.replace("id:b", "id:c") + "\n^@");
        assertThat(bob.takeAll())
                .extracting(each -> each.header("subscription") + each.text())
                .containsExactly("b0", "b", "c0", "c");
    }

    @Test
    void aCompositeHasOneEndBehindAllItsQueues() {
        fill(1);
        connect().sends("SEND\ndestination:/queue/b\n\nb^@");
        var bob = connect();
        bob.sends("SUBSCRIBE\nid:b\ndestination:/queue/a,/queue/empty,/queue/b\nbrowser:true\n\n^@");
        bob.got(
                "MESSAGE\nsubscription:b\ndestination:/queue/a\n\n0^@",
                "MESSAGE\nsubscription:b\ndestination:/queue/b\n\nb^@",
                "MESSAGE\nsubscription:b\ndestination:/queue/a,/queue/empty,/queue/b\nbrowser:end\n\n^@");
        bob.gotNothing();
    }

    private void fill(int count) {
        var alice = connect();
        for (int i = 0; i < count; i++) {
            alice.feeds("SEND\ndestination:/queue/a\n\n" + i + "^@");
        }
        settle();
    }
}

package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.Framing;
import io.fanfare.testing.HandBackplane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service that answers its clients pays for none of their temporary queues, and is ended by none. */
class RepliesTest extends BrokerTest {

    private static final String SERVICE = "SUBSCRIBE\nid:0\ndestination:/queue/service\nreceipt:s\n\n^@";

    private Client service() {
        var service = connect();
        service.sends(SERVICE);
        service.got("RECEIPT\nreceipt-id:s\n\n^@");
        return service;
    }

    /** A request whose temporary queue is not there any more: the reply brings it up anew. */
    private static String ask(int number) {
        String replies = "/temp-queue/" + number;
        return "SUBSCRIBE\nid:" + number + "\ndestination:" + replies + "\n\n^@UNSUBSCRIBE\nid:" + number + "\n\n^@"
                + "SEND\ndestination:/queue/service\nreply-to:" + replies + "\n\nping^@";
    }

    /** Answers all requests that have come, and gives what the RECEIPTs say was dropped. */
    private static List<String> answer(Client service, List<String> replyTos) {
        List<String> dropped = new ArrayList<>();
        for (String replyTo : replyTos) {
            service.sends("SEND\ndestination:" + replyTo + "\nreceipt:r\n\npong^@");
            dropped.add(service.next("the RECEIPT of an answer").header("dropped"));
        }
        return dropped;
    }

    private static List<String> requests(Client service) {
        return service.takeAll().stream().map(each -> each.header("reply-to")).toList();
    }

    private void limitOfOneConnection(int destinations) {
        brokerWith(BrokerOptions.builder()
                .limits(l -> l.maxDestinationsPerConnection(destinations))
                .build());
    }

    @Test
    @DisplayName("temporary queues that replies bring up count for the client that asked, and not for the service")
    void repliesCountForTheClientThatAsked() {
        limitOfOneConnection(3);
        var service = service();
        var eve = connect();
        for (int i = 1; i <= 5; i++) {
            eve.sends(ask(i));
        }
        assertThat(answer(service, requests(service))).containsExactly("0", "0", "0", "1", "1");
        assertThat(broker.queueCount()).as("the service's and eve's").isEqualTo(4);
        for (String own : new String[] {"a", "b"}) {
            service.sends("SEND\ndestination:/queue/" + own + "\nreceipt:r\n\n^@");
            service.got("RECEIPT\nreceipt-id:r\n\n^@");
        }
        eve.isLost();
        assertThat(broker.queueCount()).isEqualTo(3);
    }

    @Test
    void aReplyForWhoseQueueTheBrokerHasNoRoomIsDropped() {
        brokerWith(
                BrokerOptions.builder().destinations(d -> d.maxDestinations(2)).build());
        var service = service();
        connect().sends(ask(1));
        List<String> requests = requests(service);
        connect().sends("SEND\ndestination:/queue/last\n\n^@");
        assertThat(answer(service, requests)).containsExactly("1");
        service.sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:" + requests.get(0)
                + "\ntransaction:t\n\npong^@COMMIT\ntransaction:t\nreceipt:r\n\n^@");
        service.got("RECEIPT\nreceipt-id:r\n\n^@");
        service.isOpen();
    }

    @Test
    void aReplyFromAnotherNodeIsDroppedAsOneFromHere() {
        List<HandBackplane> nodes = new ArrayList<>();
        HandBackplane here = new HandBackplane("n1", nodes);
        HandBackplane there = new HandBackplane("n2", nodes);
        brokerWith(BrokerOptions.builder().backplane(there).build());
        var service = connect("1.2", Framing.TCP, otherLoop);
        service.sends("SUBSCRIBE\nid:0\ndestination:/topic/service\n\n^@");
        brokerWith(BrokerOptions.builder()
                .backplane(here)
                .limits(l -> l.maxDestinationsPerConnection(1))
                .build());
        var eve = connect();
        for (int i = 1; i <= 2; i++) {
            eve.sends(ask(i).replace("/queue/service", "/topic/service"));
        }
        assertThat(answer(service, requests(service))).containsExactly("0", "1");
        service.isOpen();
    }
}

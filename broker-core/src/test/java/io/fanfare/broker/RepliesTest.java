package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Framing;
import io.fanfare.options.TopicRule;
import io.fanfare.statistics.Drop;
import io.fanfare.testing.HandBackplane;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service that answers its clients pays for none of their temporary queues, and is ended by none; nor by what they choose. */
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

    private static String ask(String replyTo) {
        return "SEND\ndestination:/queue/service\nreply-to:" + replyTo + "\n\nping^@";
    }

    @Test
    @DisplayName("a reply to an ordinary queue that is refused, for whatever reason, is dropped")
    void aReplyToAnOrdinaryQueueThatIsRefusedIsDropped() {
        brokerWith(BrokerOptions.builder()
                .queues(q -> q.maxQueueMessages(1))
                .auth(a -> a.authorizer((principal, action, destination) -> !destination.contains("secret")))
                .build());
        var service = service();
        var eve = connect();
        eve.sends("SEND\ndestination:/queue/full\n\n^@");
        for (String replyTo : new String[] {"/queue/full", "/queue/secret", "nonsense", "/topic/*", "/queue/fine"}) {
            eve.sends(ask(replyTo));
            assertThat(answer(service, requests(service)))
                    .as(replyTo)
                    .containsExactly(replyTo.equals("/queue/fine") ? "0" : "1");
        }
        assertThat(broker.statistics(0).messages().dropped()).containsEntry(Drop.REPLY_REFUSED, 4L);
    }

    @Test
    void aQueueThatAReplyBringsUpCountsForTheClientThatRepliesUpToHalfOfItsLimit() {
        limitOfOneConnection(6);
        var service = service();
        var eve = connect();
        for (int i = 1; i <= 4; i++) {
            eve.sends(ask("/queue/replies." + i));
        }
        assertThat(answer(service, requests(service))).containsExactly("0", "0", "1", "1");
        eve.sends(ask("/queue/replies.1"));
        assertThat(answer(service, requests(service)))
                .as("a queue that is there")
                .containsExactly("0");
        for (String own : new String[] {"a", "b", "c"}) {
            service.sends("SEND\ndestination:/queue/" + own + "\nreceipt:r\n\n^@");
            service.got("RECEIPT\nreceipt-id:r\n\n^@");
        }
    }

    @Test
    void whatNoRequestHasAskedForIsRefusedAsEver() {
        brokerWith(BrokerOptions.builder().queues(q -> q.maxQueueMessages(1)).build());
        var service = service();
        var eve = connect();
        eve.sends("SEND\ndestination:/queue/full\n\n^@", ask("/queue/full"));
        assertThat(answer(service, requests(service))).containsExactly("1");
        eve.sends("SEND\ndestination:/queue/full\n\n^@");
        eve.gotError(CloseCode.PROTOCOL_ERROR, "queue full");
        service.sends("SEND\ndestination:/queue/full,/queue/other\n\n^@");
        service.gotError(CloseCode.PROTOCOL_ERROR, "queue full");
    }

    @Test
    void aReplyThatIsRefusedOutsideOfTheBrokerIsDropped() {
        HandBackplane backplane = new HandBackplane("n1", new ArrayList<>());
        brokerWith(BrokerOptions.builder()
                .topics(t -> t.rules(List.of(TopicRule.of("/topic/kept.#").history(3))))
                .backplane(backplane)
                .build());
        var service = connect();
        service.sends("SUBSCRIBE\nid:0\ndestination:/topic/service\nack:client\n\n^@");
        connect().sends(ask("/topic/kept.a").replace("/queue/service", "/topic/service"));
        service.sends("SEND\ndestination:" + requests(service).get(0) + "\nreceipt:r\n\npong^@");
        service.gotNothing();
        backplane.refuses("topic unavailable");
        settle();
        assertThat(service.next("its RECEIPT").header("dropped")).isEqualTo("1");
    }
}

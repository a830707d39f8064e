package io.fanfare.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.Broker;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** An application of Spring's whose simple broker is Fanfare, and its clients. */
class SpringBrokerIT {

    private static ServletWebServerApplicationContext application;
    private static SimpMessagingTemplate template;
    private static Broker broker;

    private final java.util.List<StompSocket> clients = new java.util.ArrayList<>();

    @BeforeAll
    static void start() {
        application = ChatApplication.start(
                new Class<?>[0],
                "fanfare.topics[0].match=/topic/log",
                "fanfare.topics[0].history=10",
                "fanfare.heart-beat.send=200ms",
                "fanfare.heart-beat.receive=200ms");
        template = application.getBean(SimpMessagingTemplate.class);
        broker = application.getBean(Broker.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @AfterEach
    void everySessionEndsWithItsWebSocket() {
        clients.forEach(StompSocket::close);
        Await.until("no session is left", () -> broker.sessionCount() == 0);
        // a durable subscription is all that outlives its client
        assertThat(broker.topicCount() - broker.keptTopicCount())
                .isLessThanOrEqualTo(broker.durableSubscriptionCount());
    }

    private StompSocket open(String... headerLines) {
        RawTcp tcp = RawTcp.connect(application.getWebServer().getPort());
        StompSocket client = StompSocket.over(RawWebSocket.open(tcp, headerLines));
        clients.add(client);
        return client;
    }

    private StompSocket anonymous() {
        return open().connects("1.2");
    }

    private StompSocket user(String name) {
        StompSocket client = open("X-User: " + name);
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\nuser-name:" + name + "\n\n^@");
        return client;
    }

    // ---- topics and queues ------------------------------------------------------------------------------------------

    @Test
    void everySubscriberOfATopicGetsAMessageAndTheSenderItsReceipt() {
        StompSocket alice = anonymous().subscribes("id:0\ndestination:/topic/a");
        StompSocket bob = anonymous().subscribes("id:7\ndestination:/topic/a");
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r1\n\nhi^@");
        alice.got("RECEIPT\nreceipt-id:r1\nmatched:2\ndelivered:2\n\n^@");
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:7\ndestination:/topic/a\n\nhi^@");
    }

    @Test
    void aQueueGivesEachMessageToOneConsumerAndAgainWhenItWasNotAcknowledged() {
        StompSocket first = anonymous().subscribes("id:0\ndestination:/queue/work\nack:client-individual");
        first.publishes("/queue/work", "job");
        first.gotMessage("job");
        StompSocket second = anonymous().subscribes("id:0\ndestination:/queue/work\nack:client-individual");
        second.gotNothing();
        first.vanishes();
        Received again = second.gotMessage("job");
        assertThat(again.header("redelivered")).isEqualTo("true");
        second.sends("ACK\nid:" + again.header("ack") + "\nreceipt:done\n\n^@").got("RECEIPT\nreceipt-id:done\n\n^@");
    }

    @Test
    void selectorsTransactionsAndHistoryWorkByTheirHeaders() {
        StompSocket alice = anonymous().subscribes("id:0\ndestination:/topic/b\nselector:size > 3");
        alice.sends("BEGIN\ntransaction:t\n\n^@");
        alice.sends("SEND\ndestination:/topic/b\ntransaction:t\nsize:3\n\nsmall^@");
        alice.sends("SEND\ndestination:/topic/b\ntransaction:t\nsize:4\n\nlarge^@");
        alice.sends("COMMIT\ntransaction:t\n\n^@");
        alice.gotMessage("large");
        alice.publishes("/topic/log", "one").publishes("/topic/log", "two");
        alice.sends("SUBSCRIBE\nid:1\ndestination:/topic/log\nfrom:first\n\n^@");
        alice.gotMessage("one");
        alice.gotMessage("two");
    }

    @Test
    void theOrderOfATopicStays() {
        StompSocket alice = anonymous().subscribes("id:0\ndestination:/topic/many");
        for (int i = 0; i < 2_000; i++) {
            template.convertAndSend("/topic/many", "message " + i);
        }
        for (int i = 0; i < 2_000; i++) {
            alice.gotMessage("message " + i);
        }
    }

    @Test
    void whatTheBrokerRefusesIsAnErrorAndTheEndOfTheWebSocket() {
        StompSocket alice = anonymous();
        alice.sends("SEND\ndestination:/topic/*\n\n^@");
        // Spring has one close code for every ERROR
        alice.gotError(1002, "invalid destination", "without wildcards");
    }

    @Test
    void heartBeatsGoBothWaysAndMissedOnesEndTheWebSocket() {
        StompSocket alice = open();
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:0,200\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@")
                .gotHeartBeat()
                .gotHeartBeat();
        StompSocket bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:200,0\n\n^@").got("CONNECTED\nversion:1.2\n\n^@");
        assertThat(bob.next().header("message")).contains("heart-beat");
    }

    // ---- the application --------------------------------------------------------------------------------------------

    @Test
    void theTemplateReachesTopicsWithTheHeadersThatTheBrokerKnows() {
        template.convertAndSend("/topic/price", "17", Map.of("retain", "set", "currency", "EUR"));
        StompSocket alice = anonymous();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/price\n\n^@");
        Received value = alice.gotMessage("17");
        assertThat(value.header("retained")).isEqualTo("true");
        assertThat(value.header("currency")).isEqualTo("EUR");
        assertThat(value.header("content-type")).startsWith("text/plain");
        template.convertAndSend("/topic/price", "", Map.of("retain", "remove"));
    }

    @Test
    void whatTheBrokerRefusesIsAnExceptionOfTheTemplatesCaller() {
        assertThatThrownBy(() -> template.convertAndSend("/topic/*", "x"))
                .isInstanceOf(MessageDeliveryException.class)
                .hasMessageContaining("without wildcards");
    }

    @Test
    void anApplicationsMethodsAnswerAsWithTheSimpleBroker() {
        StompSocket alice = anonymous().subscribes("id:0\ndestination:/topic/echo");
        alice.sends("SEND\ndestination:/app/echo\n\nhi^@");
        alice.got("MESSAGE\nsubscription:0\ndestination:/topic/echo\ncontent-type:*\n\nhi!^@");
        alice.sends("SUBSCRIBE\nid:1\ndestination:/app/rooms\n\n^@");
        assertThat(alice.gotMessage("lobby").header("subscription")).isEqualTo("1");
        // the broker has never heard of it
        alice.sends("UNSUBSCRIBE\nid:1\n\n^@").gotNothing();
    }

    // ---- users ------------------------------------------------------------------------------------------------------

    @Test
    void theTemplateReachesAllSessionsOfAUserAndNoOther() {
        StompSocket page = user("alice").subscribes("id:0\ndestination:/user/queue/news");
        StompSocket tab = user("alice").subscribes("id:1\ndestination:/user/queue/news");
        StompSocket bob = user("bob").subscribes("id:0\ndestination:/user/queue/news");
        template.convertAndSendToUser("alice", "/queue/news", "hi");
        page.got("MESSAGE\nsubscription:0\ndestination:/user/queue/news\ncontent-type:*\n\nhi^@");
        tab.got("MESSAGE\nsubscription:1\ndestination:/user/queue/news\ncontent-type:*\n\nhi^@");
        bob.gotNothing();
    }

    @Test
    void aNameMayHoldWhatHasAMeaningInADestination() {
        StompSocket client = open("X-User: a/b,c%*#>");
        client.sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@");
        client.next();
        client.subscribes("id:0\ndestination:/user/queue/news");
        template.convertAndSendToUser("a/b,c%*#>", "/queue/news", "hi");
        client.gotMessage("hi");
    }

    @Test
    void anAnswerForOneSessionReachesNoOtherOfItsUser() {
        StompSocket page = user("alice").subscribes("id:0\ndestination:/user/queue/answers");
        StompSocket tab = user("alice").subscribes("id:0\ndestination:/user/queue/answers");
        page.sends("SEND\ndestination:/app/ask\n\n1^@");
        page.got("MESSAGE\nsubscription:0\ndestination:/user/queue/answers\ncontent-type:*\n\nto one: 1^@");
        tab.gotNothing();
        tab.sends("SEND\ndestination:/app/ask-all\n\n2^@");
        tab.gotMessage("to all: 2");
        page.gotMessage("to all: 2");
    }

    @Test
    void aClientWithoutAUserGetsItsAnswersToo() {
        StompSocket alice = anonymous().subscribes("id:0\ndestination:/user/queue/answers");
        StompSocket bob = anonymous().subscribes("id:0\ndestination:/user/queue/answers");
        alice.sends("SEND\ndestination:/app/ask-all\n\n1^@");
        alice.gotMessage("to all: 1");
        bob.gotNothing();
    }

    @Test
    void aClientSendsToAnotherUserAndTheBrokerSaysFromWhom() {
        StompSocket bob = user("bob").subscribes("id:0\ndestination:/user/queue/mail\nack:client-individual");
        user("alice").publishes("/user/bob/queue/mail", "hi");
        Received mail = bob.gotMessage("hi");
        assertThat(mail.header("user-id")).isEqualTo("alice");
        assertThat(mail.header("destination")).isEqualTo("/user/queue/mail");
        bob.sends("ACK\nid:" + mail.header("ack") + "\n\n^@").gotNothing();
    }

    @Test
    void whatAUserHasMissedComesToADurableSubscription() {
        String connect = "CONNECT\naccept-version:1.2\nhost:h\nclient-id:phone\n\n^@";
        String subscribe = "SUBSCRIBE\nid:d\ndestination:/user/queue/alerts\ndurable:true\nack:client-individual\n"
                + "receipt:s\n\n^@";
        StompSocket before = open("X-User: carol").sends(connect);
        before.next();
        before.sends(subscribe).got("RECEIPT\nreceipt-id:s\n\n^@");
        before.sends("DISCONNECT\nreceipt:bye\n\n^@").got("RECEIPT\nreceipt-id:bye\n\n^@");
        template.convertAndSendToUser("carol", "/queue/alerts", "fire");
        StompSocket after = open("X-User: carol").sends(connect);
        after.next();
        after.sends(subscribe).got("RECEIPT\nreceipt-id:s\n\n^@");
        Received alert = after.gotMessage("fire");
        after.sends("ACK\nid:" + alert.header("ack") + "\n\n^@");
        after.sends("UNSUBSCRIBE\nid:d\ndurable:true\nreceipt:u\n\n^@").got("RECEIPT\nreceipt-id:u\n\n^@");
    }

    // ---- Spring's own client ----------------------------------------------------------------------------------------

    @Test
    void springsClientConnectsSubscribesAndSends() throws Exception {
        WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
        client.setMessageConverter(new StringMessageConverter(UTF_8));
        client.start();
        String uri = "ws://127.0.0.1:" + application.getWebServer().getPort() + "/ws";
        StompSession session = client.connectAsync(uri, new StompSessionHandlerAdapter() {})
                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        CompletableFuture<String> got = new CompletableFuture<>();
        int topics = broker.topicCount();
        session.subscribe("/topic/echo", new StompFrameHandler() {
            @Override
            public Type getPayloadType(StompHeaders headers) {
                return String.class;
            }

            @Override
            public void handleFrame(StompHeaders headers, Object payload) {
                got.complete((String) payload);
            }
        });
        // Spring hands the frames of one client to several threads
        Await.until("the subscription is there", () -> broker.topicCount() > topics);
        session.send("/app/echo", "hi");
        assertThat(got.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hi!");
        session.disconnect();
        client.stop();
    }
}

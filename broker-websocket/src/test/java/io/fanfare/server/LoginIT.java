package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.auth.SelectiveAuthenticator;
import io.fanfare.auth.UsersFile;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Credentials;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Who gets in, over both transports, by a file of users and by tokens; and what the others learn. */
class LoginIT {

    private static final byte[] KEY = "the key that tokens are signed with, 32 bytes and more".getBytes(UTF_8);
    private static final String PASSCODE = "correct-horse-battery";

    private static final Path FOLDER = folder();
    private static final UsersFile USERS =
            UsersFile.open(secret("users", UsersFile.line("alice", PASSCODE, List.of("trader"))));
    private static final JwtAuthenticator TOKENS =
            new JwtAuthenticator(JwtOptions.of(new KeySource.SecretFile(secret("key", new String(KEY, UTF_8))))
                    .withCookie("session"));

    private static final List<Credentials> SEEN = new CopyOnWriteArrayList<>();

    @RegisterExtension
    static final TestServer SERVER = new TestServer(builder -> builder.broker(BrokerOptions.builder()
            .auth(a -> a.authenticator(credentials -> {
                SEEN.add(credentials);
                return SelectiveAuthenticator.firstOf(TOKENS, USERS).authenticate(credentials);
            }))
            .build()));

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.fanfare");
    private final Logger sessions = (Logger) LoggerFactory.getLogger("io.fanfare.connections");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    @BeforeEach
    void listen() {
        SEEN.clear();
        appender.start();
        ours.addAppender(appender);
        // everything there is to be had
        ours.setLevel(Level.TRACE);
        ours.setAdditive(false);
        sessions.setLevel(null);
    }

    @AfterEach
    void listenNoMore() {
        ours.detachAppender(appender);
        ours.setLevel(null);
        ours.setAdditive(true);
        sessions.setLevel(Level.ERROR);
    }

    @AfterAll
    static void end() {
        USERS.close();
        TOKENS.close();
    }

    // ---- who gets in ----------------------------------------------------------------------------------------------

    private static StompSocket open(Transport transport) {
        return switch (transport) {
            case WEBSOCKET -> StompSocket.over(SERVER.webSocket());
            case TCP -> StompSocket.over(SERVER.tcp());
        };
    }

    @ParameterizedTest
    @EnumSource
    void aPasscodeLetsAUserIn(Transport transport) {
        StompSocket alice = open(transport);
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:alice\npasscode:" + PASSCODE + "\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@");
        isCalled(alice, "alice");
        assertThat(SEEN).singleElement().satisfies(seen -> {
            assertThat(seen.handshake().address()).isEqualTo("127.0.0.1");
            assertThat(seen.handshake().headers()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aTokenIsAPasscodeToo(Transport transport) {
        StompSocket bob = open(transport);
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:whoever\npasscode:" + token("bob") + "\n\n^@")
                .got("CONNECTED\nversion:1.2\nsession-expires:*\n\n^@");
        isCalled(bob, "bob");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenMayStandInAuthorization(Transport transport) {
        StompSocket bob = open(transport);
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nAuthorization:Bearer " + token("bob") + "\n\n^@")
                .got("CONNECTED\nversion:1.2\nsession-expires:*\n\n^@");
        isCalled(bob, "bob");
    }

    @Test
    void aTokenMayComeWithTheHandshake() {
        RawWebSocket webSocket = SERVER.webSocket("aUTHORIZATION: bearer " + token("bob"), "X-Other: y");
        StompSocket bob = StompSocket.over(webSocket)
                .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\nsession-expires:*\n\n^@");
        isCalled(bob, "bob");
        assertThat(SEEN.get(0).handshake().headers()).containsOnlyKeys("authorization");
    }

    @Test
    void aTokenMayBeACookie() {
        RawWebSocket webSocket = SERVER.webSocket("Cookie: theme=dark; session=" + token("bob"), "Cookie: other=1");
        StompSocket bob = StompSocket.over(webSocket)
                .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\nsession-expires:*\n\n^@");
        isCalled(bob, "bob");
        assertThat(SEEN.get(0).handshake().headers().get("cookie"))
                .startsWith("theme=dark; session=")
                .endsWith("; other=1");
    }

    @Test
    void aPasswordCountsMoreThanABrowsersCookie() {
        RawWebSocket webSocket = SERVER.webSocket("Cookie: session=" + token("bob"));
        StompSocket alice = StompSocket.over(webSocket);
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:alice\npasscode:" + PASSCODE + "\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@");
        isCalled(alice, "alice");
    }

    /** The broker says so on what it sends. */
    private static void isCalled(StompSocket client, String name) {
        client.subscribes("id:0\ndestination:/topic/me");
        client.publishes("/topic/me", "hi");
        assertThat(client.gotMessage("hi").header("user-id")).isEqualTo(name);
    }

    // ---- who does not ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    @DisplayName("item 66: a wrong passcode and an unknown name are told the same (CVE-2014-3612: so is an empty one)")
    void allWhoAreRefusedAreToldTheSame(Transport transport) {
        List<String> errors = Stream.of(
                        "login:alice\npasscode:wrong-secret-4711",
                        "login:mallory\npasscode:wrong-secret-4711",
                        "login:alice\npasscode:",
                        "login:alice",
                        "passcode:wrong-secret-4711",
                        "passcode:" + token("bob") + "x",
                        "Authorization:Bearer wrong-secret-4711",
                        "Authorization:Bearer " + expired("bob"),
                        "x:y")
                .map(credentials -> {
                    StompSocket client = open(transport);
                    client.sends("CONNECT\naccept-version:1.2\nhost:h\n" + credentials + "\n\n^@");
                    return client.gotError(1008, "authentication failed", "credentials")
                            .toString();
                })
                .distinct()
                .toList();
        assertThat(errors).hasSize(1);
    }

    @ParameterizedTest
    @DisplayName("item 66: nothing secret is logged")
    @EnumSource
    void nothingSecretIsLogged(Transport transport) {
        String token = token("bob");
        for (String credentials : List.of(
                "login:mallory\npasscode:wrong-secret-4711",
                "login:alice\npasscode:" + PASSCODE,
                "login:eve\npasscode:" + token,
                "login:eve\npasscode:" + token.substring(0, token.length() - 4) + "AAAA",
                "login:eve\nAuthorization:Bearer wrong-secret-4711")) {
            StompSocket client = open(transport);
            client.sends("CONNECT\naccept-version:1.2\nhost:h\n" + credentials + "\n\n^@");
            Received answer = client.next();
            assertThat(answer.toString()).doesNotContain("wrong-secret").doesNotContain(PASSCODE);
            client.vanishes();
        }
        assertThat(logged)
                .isNotEmpty()
                .noneMatch(line -> line.contains("wrong-secret"))
                .noneMatch(line -> line.contains(PASSCODE))
                .noneMatch(line -> line.contains(token.substring(0, 30)))
                .noneMatch(line -> line.contains(token.substring(token.length() - 30, token.length() - 10)));
        assertThat(logged.stream().filter(line -> line.contains("login='mallory'")))
                .singleElement()
                .asString()
                .contains("peer=127.0.0.1:", "reason=no such user");
        assertThat(SEEN.get(0)).hasToString("Credentials of 127.0.0.1");
    }

    @Test
    void whoIsRefusedIsCounted() {
        long before = SERVER.broker().failedLogins();
        StompSocket client = StompSocket.over(SERVER.webSocket());
        client.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:mallory\npasscode:x\n\n^@");
        client.gotError(1008, "authentication failed");
        assertThat(SERVER.broker().failedLogins()).isEqualTo(before + 1);
    }

    @Test
    void whatComesBehindConnectIsNotDoneForWhoIsRefused() {
        StompSocket alice = StompSocket.over(SERVER.webSocket());
        alice.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:alice\npasscode:" + PASSCODE + "\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@");
        alice.subscribes("id:0\ndestination:/topic/me");
        StompSocket mallory = StompSocket.over(SERVER.webSocket());
        mallory.sends("CONNECT\naccept-version:1.2\nhost:h\nlogin:mallory\npasscode:x\n\n^@"
                + "SEND\ndestination:/topic/me\n\nboo^@");
        mallory.gotError(1008, "authentication failed");
        alice.gotNothing();
    }

    // ---- secrets ----------------------------------------------------------------------------------------------------

    private static String token(String name) {
        return signed(name, Instant.now().plusSeconds(3600));
    }

    private static String expired(String name) {
        return signed(name, Instant.now().minusSeconds(3600));
    }

    private static String signed(String name, Instant expires) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder()
                            .subject(name)
                            .expirationTime(Date.from(expires))
                            .build());
            token.sign(new MACSigner(KEY));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("fanfare-login");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path secret(String name, String content) {
        try {
            Path file = Files.createFile(
                    FOLDER.resolve(name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.loop.Framing;
import io.fanfare.security.Authenticator;
import io.fanfare.testing.Await;
import io.fanfare.testing.FakeConnection;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.Received;
import io.fanfare.testing.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users whose names come from tokens and certificates, addressed by SEND to {@code /user/NAME/...}. */
class AddressedUsersTest extends JwtFixture {

    private static final String LATE = "\"exp\":4000000000";

    private final HandLoop loop = new HandLoop();

    @ParameterizedTest
    @CsvSource({
        "'Doe, Jane', 'Doe%2C Jane'",
        "corp/jane, corp%2Fjane",
        "'a/b, c', a%2Fb%2C%20c",
        "bob%2Flee, bob%252Flee",
        "auth0|5f7c, auth0|5f7c",
        "'*', %2A"
    })
    @DisplayName("the user of a token is reached, whatever its sub has in it")
    void theUserOfATokenIsReached(String sub, String written) {
        String token = TestKeys.signed(JWSAlgorithm.HS256, SECRET, "{\"sub\":\"" + sub + "\"," + LATE + "}");
        assertThat(gets(secret(), token, written)).isEqualTo(sub);
    }

    @ParameterizedTest
    @CsvSource({
        "client.pem, URI, spiffe://example.com/alice, spiffe:%2F%2Fexample.com%2Falice",
        "client.pem, EMAIL, alice@example.com, alice@example.com",
        "comma.pem, COMMON_NAME, 'Doe, Jane/100%', Doe%2C%20Jane%2F100%25"
    })
    @DisplayName("the user of a certificate is reached, whatever its name has in it")
    void theUserOfACertificateIsReached(String file, CertificateOptions.Name where, String name, String written) {
        var certificates = new CertificateAuthenticator(new CertificateOptions(where));
        Authenticator byCertificate = credentials -> certificates.authenticate(CertificateAuthenticatorTest.with(file));
        assertThat(gets(byCertificate, "", written)).isEqualTo(name);
    }

    /** Has a user send to its own destination, under the written name, and gives the user that the MESSAGE names. */
    private String gets(Authenticator authenticator, String passcode, String written) {
        Broker broker = new Broker(BrokerOptions.builder()
                .auth(a -> a.authenticator(authenticator))
                .build());
        FakeConnection connection = new FakeConnection(Framing.TCP, loop, "user");
        loop.run(() -> connection.session(broker.open(loop, connection)));
        String frames = "CONNECT\naccept-version:1.2\npasscode:" + passcode + "\n\n\0"
                + "SUBSCRIBE\nid:0\ndestination:/user/queue/a\n\n\0"
                + "SEND\ndestination:/user/" + written + "/queue/a\n\nhi\0";
        loop.run(() -> connection.session().receive(ByteBuffer.wrap(frames.getBytes(UTF_8))));
        Await.until("CONNECTED and one frame more", () -> {
            loop.takeTurn();
            return Wire.read(connection.taken(), Framing.TCP).size() == 2;
        });
        List<Received> got = Wire.read(connection.taken(), Framing.TCP);
        assertThat(got).extracting(Received::command).containsExactly("CONNECTED", "MESSAGE");
        loop.run(connection::abort);
        // STOMP 1.2, Value Encoding
        return got.get(1).header("user-id").replace("\\c", ":");
    }
}

package io.fanfare.server.internal.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminListenerIT {

    private final Health health = new Health(new Broker(), List::of, () -> true, Duration.ofSeconds(5));

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "GET /read", "GET /readyz HTTP/1.1\r\nHost: a\r\n"})
    @DisplayName("case 11: a request that does not come to its end is cut")
    void aSlowRequestIsCut(String beginning) throws IOException {
        try (AdminListener admin = start(Duration.ofMillis(100));
                Socket slow = connect(admin)) {
            slow.getOutputStream().write(beginning.getBytes(US_ASCII));
            assertThat(readToEnd(slow)).isEmpty();
        }
    }

    @Test
    @DisplayName("case 11: a request that comes one octet after the other is cut too")
    void aTricklingRequestIsCut() throws IOException {
        try (AdminListener admin = start(Duration.ofMillis(100));
                Socket slow = connect(admin)) {
            OutputStream out = slow.getOutputStream();
            out.write("GET /readyz HTTP/1.1\r\nHost: a\r\nX: ".getBytes(US_ASCII));
            slow.setSoTimeout(5);
            while (!isAtEnd(slow)) {
                out.write('x');
            }
        } catch (IOException e) {
            // a write that found the connection cut
        }
    }

    /** Whether the server has closed; the wait for that is the pause between two octets. */
    private static boolean isAtEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private AdminListener start(Duration exchangeTimeout) throws IOException {
        return new AdminListener("fanfare-test-admin", "127.0.0.1", 0, false, health, exchangeTimeout);
    }

    private static Socket connect(AdminListener admin) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin.uri().getPort());
        socket.setSoTimeout((int) Await.DEADLINE.toMillis());
        return socket;
    }

    /** A reset is an end, too. */
    private static byte[] readToEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return new byte[0];
        }
    }
}

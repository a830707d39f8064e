import static java.time.Duration.ofSeconds;

import io.fanfare.junit.FanfareExtension;
import io.fanfare.junit.StompConnection;
import io.fanfare.testkit.TestConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OrdersTest {

    @RegisterExtension
    static final FanfareExtension broker =
            FanfareExtension.builder().user("alice", "secret").build();

    @Test
    void confirms(@StompConnection(login = "alice") TestConnection alice) {
        alice.send("/topic/confirmations", "{\"id\":1}").awaitReceipt();
        broker.expect("/topic/confirmations").within(ofSeconds(60)).bodyContains("\"id\":1");
    }
}

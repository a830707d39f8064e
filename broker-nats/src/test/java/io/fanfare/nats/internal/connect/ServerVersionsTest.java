package io.fanfare.nats.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.api.ServerInfo;
import org.junit.jupiter.api.Test;

/** Which servers a node warns of. */
class ServerVersionsTest {

    private final ServerVersions versions = new ServerVersions(true);

    private static ServerInfo server(String name, String version) {
        return new ServerInfo("{\"server_id\":\"A\",\"server_name\":\"" + name + "\",\"version\":\"" + version + "\"}");
    }

    @Test
    void aServerOlderThan210IsNamedOnce() {
        assertThat(versions.warning(server("n1", "2.9.10")))
                .startsWith("nats server=n1 version=2.9.10")
                .endsWith("take a newer nats-server");
        assertThat(versions.warning(server("n1", "2.9.10"))).isNull();
        assertThat(versions.warning(server("n2", "2.9.25"))).startsWith("nats server=n2 version=2.9.25");
    }

    @Test
    void newerServersAreFine() {
        assertThat(versions.warning(server("n1", "2.10.0"))).isNull();
        assertThat(versions.warning(server("n1", "2.11.4"))).isNull();
        assertThat(versions.warning(server("n1", "3.0.0"))).isNull();
    }

    @Test
    void withOneCopyNoneCanDiffer() {
        assertThat(new ServerVersions(false).warning(server("n1", "2.9.10"))).isNull();
    }

    @Test
    void aConnectionMayHaveNoServerAnyMore() {
        assertThat(versions.warning(null)).isNull();
    }
}

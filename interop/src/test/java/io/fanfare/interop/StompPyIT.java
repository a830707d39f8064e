package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** stomp.py, over TCP. */
class StompPyIT extends ClientContract {

    private Driver driver;

    @BeforeAll
    void startPython() {
        Needs.stompPy();
        driver = ProcessDriver.start(Path.of("src/test/py"), List.of("/usr/bin/python3", "-u", "-B", "stomppy.py"));
    }

    @AfterAll
    void stopPython() {
        if (driver != null) {
            driver.close();
        }
    }

    @Override
    Peer newPeer() {
        return driver.newPeer();
    }

    @Override
    int port(FanfareServer server) {
        return server.tcpPort();
    }
}

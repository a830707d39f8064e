package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Needs;
import java.nio.file.Path;
import java.util.List;

/** stomp.py, over TCP. */
class StompPyIT extends DrivenContract {

    @Override
    Driver start() {
        Needs.stompPy();
        return ProcessDriver.start(Path.of("src/test/py"), List.of("/usr/bin/python3", "-u", "-B", "stomppy.py"));
    }

    @Override
    int port(FanfareServer server) {
        return server.tcpPort();
    }
}

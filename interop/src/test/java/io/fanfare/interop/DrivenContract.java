package io.fanfare.interop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What a client in another language can do with the server. */
abstract class DrivenContract extends ClientContract {

    private Driver driver;

    /** Starts the program that the client runs in, once it is sure that the machine has what that needs. */
    abstract Driver start();

    @BeforeAll
    void startDriver() {
        driver = start();
    }

    @AfterAll
    void stopDriver() {
        if (driver != null) {
            driver.close();
        }
    }

    @Override
    final Peer newPeer() {
        return driver.newPeer();
    }
}

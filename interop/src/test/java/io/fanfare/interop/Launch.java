package io.fanfare.interop;

import java.io.IOException;

/**
 * Programs are started one at a time. Playwright unpacks a program and runs it; a process that another thread forks while
 * that file is still open for writing would keep it open, and it could not be run ("text file busy").
 */
final class Launch {

    /** Starts a program. */
    interface Start<T> {
        T start() throws IOException;
    }

    private Launch() {}

    static synchronized <T> T inTurn(Start<T> program) throws IOException {
        return program.start();
    }
}

package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** Closes after each test what the test has opened. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PeerTest {

    /** The youngest first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    final <T extends AutoCloseable> T opened(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}

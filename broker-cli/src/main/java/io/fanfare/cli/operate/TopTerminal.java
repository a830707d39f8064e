package io.fanfare.cli.operate;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** The whole terminal: a screen that is drawn over, and keys without Enter. One thread calls it. */
final class TopTerminal implements AutoCloseable {

    /** What {@link #key} returns when no key was pressed. */
    static final int NONE = -2;

    /** A terminal that does not tell its size. */
    private static final Size USUAL = new Size(80, 24);

    private static final boolean IS_WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

    private final Terminal terminal;
    private final Attributes before;
    private final AtomicBoolean resized = new AtomicBoolean();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private Size size;

    private TopTerminal(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        this.size = sizeOf(terminal);
        terminal.handle(Signal.INT, signal -> interrupted.set(true));
        terminal.handle(Signal.WINCH, signal -> resized.set(true));
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.flush();
    }

    /** Takes the terminal over; empty when this process has none that can be drawn on. */
    static Optional<TopTerminal> open() {
        try {
            // elsewhere the system's own stty does, and no native library has to be unpacked and loaded
            return Optional.of(new TopTerminal(TerminalBuilder.builder()
                    .system(true)
                    .exec(!IS_WINDOWS)
                    .jni(IS_WINDOWS)
                    .dumb(false)
                    .build()));
        } catch (IOException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static Size sizeOf(Terminal terminal) {
        Size told = terminal.getSize();
        return told.getColumns() > 0 && told.getRows() > 0 ? told : USUAL;
    }

    int width() {
        return size.getColumns();
    }

    int height() {
        return size.getRows();
    }

    /** Draws lines from the top; what does not fit is not shown. */
    void draw(List<String> lines) {
        if (resized.getAndSet(false)) {
            size = sizeOf(terminal);
            terminal.puts(Capability.clear_screen);
        }
        terminal.puts(Capability.cursor_home);
        int shown = Math.min(lines.size(), size.getRows());
        for (int i = 0; i < shown; i++) {
            terminal.writer().print(lines.get(i));
            terminal.puts(Capability.clr_eol);
            if (i < shown - 1) {
                terminal.writer().print("\r\n");
            }
        }
        terminal.puts(Capability.clr_eos);
        terminal.flush();
    }

    /**
     * Waits for a key.
     *
     * @return the key; {@link #NONE} when none came in this time; -1 when the terminal has gone
     */
    int key(long millis) throws IOException {
        int key = terminal.reader().read(Math.max(1, millis));
        return interrupted.get() ? -1 : key;
    }

    /** Gives the terminal back as it was. */
    @Override
    public void close() throws IOException {
        terminal.puts(Capability.exit_ca_mode);
        terminal.puts(Capability.cursor_normal);
        terminal.flush();
        terminal.setAttributes(before);
        terminal.close();
    }
}

package io.fanfare.cli.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies that are to be sent, one after the other. Lines are read as they are needed. */
final class BodySource implements AutoCloseable {

    /** The largest body that is read, in bytes; brokers take less. */
    static final int MAX_BODY_BYTES = 64 << 20;

    private final Iterator<byte[]> bodies;
    private final long size;
    private final @Nullable InputStream lines;
    private final String name;

    private BodySource(List<byte[]> bodies) {
        this.bodies = bodies.iterator();
        this.size = bodies.size();
        this.lines = null;
        this.name = "";
    }

    private BodySource(InputStream lines, String name) {
        this.bodies = List.<byte[]>of().iterator();
        this.size = -1;
        this.lines = lines;
        this.name = name;
    }

    static BodySource of(List<String> texts) {
        return new BodySource(texts.stream().map(text -> text.getBytes(UTF_8)).toList());
    }

    /** One body: the content of a file, or of standard input if there is no file. */
    static BodySource whole(@Nullable Path file) {
        String name = name(file);
        try (InputStream in = open(file)) {
            byte[] content = in.readNBytes(MAX_BODY_BYTES + 1);
            checkLength(content.length, name);
            return new BodySource(List.of(content));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /** A body for each line of a file, or of standard input; the line's end, LF or CR LF, is no part of it. */
    static BodySource lines(@Nullable Path file) {
        return new BodySource(new BufferedInputStream(open(file), 64 << 10), name(file));
    }

    /** The number of bodies; -1 when it is not known. */
    long size() {
        return size;
    }

    /** The next body; null at the end. */
    byte @Nullable [] next() {
        if (lines == null) {
            return bodies.hasNext() ? bodies.next() : null;
        }
        try {
            return line(lines);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private byte @Nullable [] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            checkLength(line.size(), name);
            b = in.read();
        }
        byte[] bytes = line.toByteArray();
        boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    private static void checkLength(int bytes, String name) {
        if (bytes > MAX_BODY_BYTES) {
            throw new IllegalArgumentException(
                    "a body has at most " + MAX_BODY_BYTES + " bytes, and " + name + " has one with more");
        }
    }

    private static InputStream open(@Nullable Path file) {
        try {
            return file == null ? System.in : Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException("cannot read " + file + ": there is no such file", e);
        } catch (IOException e) {
            throw unreadable(name(file), e);
        }
    }

    private static String name(@Nullable Path file) {
        return file == null ? "standard input" : file.toString();
    }

    private static UncheckedIOException unreadable(String name, IOException e) {
        return new UncheckedIOException("cannot read " + name + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        if (lines != null) {
            try {
                lines.close();
            } catch (IOException e) {
                // nothing was written to it
            }
        }
    }
}

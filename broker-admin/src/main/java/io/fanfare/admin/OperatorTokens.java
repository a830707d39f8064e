package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.WatchedValue;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Bearer tokens of operators: those of a file, as it was at most a second ago. Keeps digests alone, and
 * never shows them. Any thread may call any method.
 */
final class OperatorTokens implements AutoCloseable {

    static final OperatorTokens NONE = new OperatorTokens(List::of, () -> {});

    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MIN_CHARACTERS = 16;

    private final Supplier<List<byte[]>> digests;
    private final Runnable onClose;

    private OperatorTokens(Supplier<List<byte[]>> digests, Runnable onClose) {
        this.digests = digests;
        this.onClose = onClose;
    }

    /**
     * Reads a file with a token in each line, and begins to watch it. Later contents that would be refused here change
     * nothing.
     *
     * @throws IllegalArgumentException when the file can't be read, is open to all users, has no token, or one that is
     *     too short
     */
    static OperatorTokens open(Path file) {
        try {
            WatchedValue<List<byte[]>> watched = WatchedValue.open(
                    new BoundedFile(file, MAX_FILE_BYTES, BoundedFile.Secrecy.SECRET), OperatorTokens::parse);
            return new OperatorTokens(watched::value, watched::close);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("admin.tokens_file: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> parse(byte[] content) {
        List<String> tokens = new String(content, UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("there is no token in it");
        }
        if (tokens.stream().anyMatch(token -> token.length() < MIN_CHARACTERS)) {
            throw new IllegalArgumentException("a token in it has fewer than " + MIN_CHARACTERS + " characters");
        }
        return tokens.stream().map(OperatorTokens::digest).toList();
    }

    /** Whether this is one of them; takes equally long for all that are none. */
    boolean contains(String token) {
        byte[] asked = digest(token);
        boolean found = false;
        for (byte[] digest : digests.get()) {
            found |= MessageDigest.isEqual(digest, asked);
        }
        return found;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Ends the watching; the tokens stay. */
    @Override
    public void close() {
        onClose.run();
    }
}

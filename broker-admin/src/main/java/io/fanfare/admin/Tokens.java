package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.UnreadableFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The bearer tokens that let operators in. Immutable; keeps digests alone, and never shows them. */
final class Tokens {

    static final Tokens NONE = new Tokens(List.of());

    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MIN_CHARACTERS = 16;

    private final List<byte[]> digests;

    private Tokens(List<byte[]> digests) {
        this.digests = digests;
    }

    /**
     * Reads a file with a token in each line.
     *
     * @throws IllegalArgumentException when the file can't be read, is open to all users, or has a token that is too
     *     short
     */
    static Tokens read(Path file) {
        String text;
        try {
            text = new String(new BoundedFile(file, MAX_FILE_BYTES, BoundedFile.Secrecy.SECRET).read(), UTF_8);
        } catch (UnreadableFileException e) {
            throw new IllegalArgumentException("admin.tokens_file: cannot read " + file + ": " + e.getMessage(), e);
        }
        List<String> tokens = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException("admin.tokens_file: there is no token in " + file);
        }
        if (tokens.stream().anyMatch(token -> token.length() < MIN_CHARACTERS)) {
            throw new IllegalArgumentException(
                    "admin.tokens_file: a token in " + file + " has fewer than " + MIN_CHARACTERS + " characters");
        }
        return new Tokens(tokens.stream().map(Tokens::digest).toList());
    }

    boolean isEmpty() {
        return digests.isEmpty();
    }

    /** Whether this is one of them; takes equally long for all that are none. */
    boolean contains(String token) {
        byte[] asked = digest(token);
        boolean found = false;
        for (byte[] digest : digests) {
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
}

package io.fanfare.auth;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Content of a users file: on each line {@code NAME:HASH} or {@code NAME:HASH:ROLE,ROLE}. Blank lines, and lines that begin
 * with {@code #}, are passed over.
 */
final class Users {

    /**
     * A user: a line of the file.
     *
     * @param hash hash of the passcode
     */
    record User(String name, PasswordHash hash, Set<String> roles) {}

    private final Map<String, User> byName = new HashMap<>();
    private final List<User> inOrder = new ArrayList<>();

    private Users() {}

    /**
     * Parses the content of a file.
     *
     * @throws IllegalArgumentException when a line is malformed, or there is no user; the message names the number of the
     *     line and holds no part of it
     */
    static Users parse(byte[] content) {
        Users users = new Users();
        int number = 0;
        for (String line : text(content).lines().toList()) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                try {
                    users.add(user(stripped));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        if (users.inOrder.isEmpty()) {
            throw new IllegalArgumentException("no user in it; `fanfare user hash NAME` makes a line");
        }
        return users;
    }

    private static String text(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            // the byte order mark that some editors put in front
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static User user(String line) {
        String[] parts = line.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException("a line is NAME:HASH or NAME:HASH:ROLE,ROLE");
        }
        String name = parts[0].strip();
        checkName(name);
        Set<String> roles = new LinkedHashSet<>();
        for (String role : parts.length == 3 ? parts[2].split(",") : new String[0]) {
            if (!role.isBlank()) {
                roles.add(role.strip());
            }
        }
        return new User(name, PasswordHash.parse(parts[1].strip()), Set.copyOf(roles));
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a user's name is missing");
        }
        if (name.startsWith("#") || name.contains(":") || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a user's name has no colon and no control characters, and no # in front");
        }
    }

    private void add(User user) {
        if (byName.putIfAbsent(user.name(), user) != null) {
            throw new IllegalArgumentException("this user has a line before");
        }
        inOrder.add(user);
    }

    /**
     * Makes a new line of a users file.
     *
     * @throws IllegalArgumentException when name, passcode or a role can't stand in such a file
     */
    static String line(String name, String passcode, List<String> roles) {
        checkName(name);
        if (!name.equals(name.strip())) {
            throw new IllegalArgumentException("a user's name does not begin or end with blanks");
        }
        if (passcode.isEmpty()) {
            throw new IllegalArgumentException("an empty passcode lets nobody in");
        }
        for (String role : roles) {
            if (role.isBlank() || role.chars().anyMatch(c -> c == ':' || c == ',' || Character.isISOControl(c))) {
                throw new IllegalArgumentException("a role has no colon, comma or control characters");
            }
        }
        String line = name + ":" + PasswordHash.of(passcode).encoded();
        return roles.isEmpty() ? line : line + ":" + String.join(",", roles);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /**
     * Finds the user of a name. For an unknown name it is another user, always the same one for that name: checking the
     * passcode against its hash takes as long as for users that exist, so that time does not tell which names exist.
     */
    User findOrDecoy(String name) {
        User user = byName.get(name);
        return user != null ? user : inOrder.get(Math.floorMod(name.hashCode(), inOrder.size()));
    }
}

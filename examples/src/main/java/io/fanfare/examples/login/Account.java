package io.fanfare.examples.login;

import java.util.Set;

/**
 * A user of an example. The page shows name and password to every visitor: a real back end keeps a hash, and {@code
 * UsersFile} of {@code io.fanfare.auth} checks such hashes.
 *
 * @param name lower-case letters
 * @param roles what a token says of the user
 */
public record Account(String name, String password, Set<String> roles) {

    /** Checks the name, which becomes part of destinations and cookies. */
    public Account {
        if (!name.matches("[a-z]{1,20}")) {
            throw new IllegalArgumentException("a name has 1 to 20 lower-case letters, not " + name);
        }
        roles = Set.copyOf(roles);
    }

    public static Account of(String name, String password, String... roles) {
        return new Account(name, password, Set.of(roles));
    }
}

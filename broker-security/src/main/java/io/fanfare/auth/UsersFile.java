package io.fanfare.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.WatchedValue;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Authenticates clients by a file of users: CONNECT's {@code login} and {@code passcode} against hashes by argon2id or bcrypt.
 *
 * <pre>{@code
 * # NAME:HASH:ROLE,ROLE
 * alice:$argon2id$v=19$m=7168,t=5,p=1$...:admin,trader
 * bob:$2b$12$...
 * }</pre>
 *
 * <p>A change of the file counts within a second. A file that can't be read, or that every user of the machine may read or
 * write, changes nothing. An unknown name is refused in the same time as a wrong passcode. Any thread may call any method.
 */
public final class UsersFile implements SelectiveAuthenticator, AutoCloseable {

    /** Users by the ten thousand fit in. */
    private static final int MAX_FILE_BYTES = 16 << 20;

    private final WatchedValue<Users> users;
    private final VerifiedPasscodes verified;
    private final Workers workers;

    /**
     * Reads the file, and begins to watch it.
     *
     * @throws IllegalArgumentException when it can't be read; the message names file and line
     */
    public UsersFile(UsersOptions options) {
        this(options, Ticker.systemTicker());
    }

    UsersFile(UsersOptions options, Ticker ticker) {
        users = WatchedValue.open(new BoundedFile(options.file(), MAX_FILE_BYTES, Secrecy.SECRET), Users::parse);
        workers = new Workers("passcodes", options.threads(), options.maxWaiting());
        verified = new VerifiedPasscodes(options, workers, ticker);
    }

    /**
     * Reads a file, with all other options at their defaults.
     *
     * @throws IllegalArgumentException when it can't be read; the message names file and line
     */
    public static UsersFile open(Path file) {
        return new UsersFile(UsersOptions.of(file));
    }

    /**
     * Makes a line for a users file, with a new hash of the passcode.
     *
     * @throws IllegalArgumentException when name, passcode or a role can't stand in such a file; the message is a sentence
     */
    public static String line(String name, String passcode, List<String> roles) {
        return Users.line(name, passcode, roles);
    }

    @Override
    public boolean recognizes(Credentials credentials) {
        return credentials.login() != null || credentials.passcode() != null;
    }

    @Override
    public CompletionStage<Principal> authenticate(Credentials credentials) {
        try {
            return check(credentials);
        } catch (AuthenticationException | AuthenticationUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Principal> check(Credentials credentials) {
        String login = credentials.login();
        String passcode = credentials.passcode();
        if (login == null || login.isEmpty()) {
            throw new AuthenticationException("no login");
        }
        // CVE-2014-3612: an empty passcode is never right, whatever the hash says
        if (passcode == null || passcode.isEmpty()) {
            throw new AuthenticationException("no passcode");
        }
        Users known = users.value();
        Users.User user = known.findOrDecoy(login);
        boolean isKnown = known.has(login);
        // the hash in any case: an unknown name is refused as late as a wrong passcode
        return verified.get(login, user.hash(), passcode, () -> user.hash().matches(passcode) & isKnown)
                .thenApply(right -> {
                    if (!right) {
                        throw new AuthenticationException(isKnown ? "wrong passcode" : "no such user");
                    }
                    return new Principal(user.name(), user.roles(), Map.of(), null);
                });
    }

    /** Ends the threads; checks that wait for one are never answered. */
    @Override
    public void close() {
        users.close();
        workers.close();
    }
}

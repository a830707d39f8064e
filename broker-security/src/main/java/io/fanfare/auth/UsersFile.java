package io.fanfare.auth;

import com.github.benmanes.caffeine.cache.Ticker;
import io.fanfare.files.BoundedFile.Secrecy;
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
 * Lets in who has a line in a file: {@code login} and {@code passcode} against hashes by argon2id or bcrypt.
 *
 * <pre>{@code
 * # NAME:HASH:ROLE,ROLE
 * alice:$argon2id$v=19$m=7168,t=5,p=1$...:admin,trader
 * bob:$2b$12$...
 * }</pre>
 *
 * <p>A change of the file counts a second later; one that can't be read, or that every user of the machine may read, leaves
 * what was there. A name that is not in the file is refused in the time of one that is. Any thread may call any method.
 */
public final class UsersFile implements SelectiveAuthenticator, AutoCloseable {

    private final WatchedValue<Users> users;
    private final VerifiedPasscodes verified;
    private final Workers workers;

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException when it can't be read; the message names file and line
     */
    public UsersFile(UsersOptions options) {
        this(options, Ticker.systemTicker());
    }

    UsersFile(UsersOptions options, Ticker ticker) {
        users = WatchedValue.open(options.file(), Secrecy.SECRET, Users::parse);
        workers = new Workers("passcodes", options.threads(), options.maxWaiting());
        verified = new VerifiedPasscodes(options, workers, ticker);
    }

    /** The users of a file, with all defaults. */
    public static UsersFile open(Path file) {
        return new UsersFile(UsersOptions.of(file));
    }

    /**
     * A line for a users file, with a new hash of the passcode.
     *
     * @throws IllegalArgumentException when a name, a role or the passcode can't be; the message is a sentence
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
        // the hash in any case: who does not exist is refused as late as who has forgotten the passcode
        return verified.get(login, user.hash(), passcode, () -> user.hash().matches(passcode) & isKnown)
                .thenApply(right -> {
                    if (!right) {
                        throw new AuthenticationException(isKnown ? "wrong passcode" : "no such user");
                    }
                    return new Principal(user.name(), user.roles(), Map.of(), null);
                });
    }

    /** Ends its threads; whoever is still being checked is not let in. */
    @Override
    public void close() {
        users.close();
        workers.close();
    }
}

package io.fanfare.examples.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fanfare.examples.web.PageServer;
import io.fanfare.examples.web.Route.Answer;
import io.fanfare.examples.web.Route.Request;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Logs users of a page in. A password gives a session, which is a cookie that no script sees; a session gives tokens for the
 * broker, each for some seconds, and so does the next one in time. One browser may have sessions of several users: each tab
 * says in its requests which user it is for.
 */
public final class Login {

    private static final int MAX_SESSIONS = 1_000;
    private static final Duration SESSION_LIFE = Duration.ofHours(12);
    private static final int ID_BYTES = 16;

    private final String example;
    private final Map<String, Account> accounts;
    private final TokenIssuer tokens;
    private final Function<Account, Optional<Answer>> refusal;
    private final SecureRandom random = new SecureRandom();
    private final Cache<String, Account> sessions = Caffeine.newBuilder()
            .maximumSize(MAX_SESSIONS)
            .expireAfterAccess(SESSION_LIFE)
            .build();

    /**
     * Log-in without a session so far.
     *
     * @param example prefix of the cookies
     * @param refusal what a user with a session is told in place of a token; empty: the user gets the token
     */
    public Login(
            String example, List<Account> accounts, TokenIssuer tokens, Function<Account, Optional<Answer>> refusal) {
        this.example = example;
        this.accounts = accounts.stream().collect(Collectors.toUnmodifiableMap(Account::name, Function.identity()));
        this.tokens = tokens;
        this.refusal = refusal;
    }

    /** Adds the routes {@code login}, {@code sessions}, {@code token} and {@code logout}. */
    public PageServer.Builder addTo(PageServer.Builder server) {
        return server.route("login", this::login)
                .route("sessions", this::sessions)
                .route("token", this::token)
                .route("logout", this::logout);
    }

    /** The user for whom a tab asks, if its browser has a session of that user. */
    public Optional<Account> account(Request request) {
        String user = request.text("user");
        return Optional.ofNullable(request.cookies().get(cookie(user)))
                .map(sessions::getIfPresent)
                .filter(account -> account.name().equals(user));
    }

    /** What a tab is told whose session has ended. */
    public static Answer loggedOut() {
        return Answer.refused(401, "You are logged out.");
    }

    private Answer login(Request request) {
        Account account = accounts.get(request.text("user"));
        if (!isRight(account, request.text("password"))) {
            return Answer.refused(401, "Name or password is wrong.");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        String session = HexFormat.of().formatHex(id);
        sessions.put(session, Objects.requireNonNull(account));
        return Answer.ok(described(account)).withCookie(cookie(account.name(), session, SESSION_LIFE));
    }

    /** In the same time for any name and password. */
    private static boolean isRight(@Nullable Account account, String password) {
        String expected = account == null ? "" : account.password();
        return MessageDigest.isEqual(expected.getBytes(UTF_8), password.getBytes(UTF_8)) && account != null;
    }

    private Answer sessions(Request request) {
        return Answer.ok(accounts.values().stream()
                .filter(account ->
                        sessions.getIfPresent(request.cookies().getOrDefault(cookie(account.name()), "")) == account)
                .map(Login::described)
                .toList());
    }

    private Answer token(Request request) {
        return account(request)
                .map(account -> refusal.apply(account).orElseGet(() -> issue(account)))
                .orElseGet(Login::loggedOut);
    }

    private Answer issue(Account account) {
        TokenIssuer.Token token = tokens.issue(account.name(), account.roles());
        return Answer.ok(
                Map.of("token", token.value(), "expires", token.expires().toEpochMilli()));
    }

    private Answer logout(Request request) {
        String user = request.text("user");
        String session = request.cookies().get(cookie(user));
        if (account(request).isPresent() && session != null) {
            sessions.invalidate(session);
            return Answer.ok(Map.of()).withCookie(cookie(user, "", Duration.ZERO));
        }
        return loggedOut();
    }

    private static Map<String, Object> described(Account account) {
        return Map.of("user", account.name(), "roles", account.roles());
    }

    private String cookie(String user) {
        return example + "-" + user;
    }

    private String cookie(String user, String value, Duration life) {
        return cookie(user) + "=" + value + "; Path=/; Max-Age=" + life.toSeconds() + "; HttpOnly; SameSite=Strict";
    }
}

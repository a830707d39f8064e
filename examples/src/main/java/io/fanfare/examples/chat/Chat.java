package io.fanfare.examples.chat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.examples.login.Account;
import io.fanfare.examples.login.Login;
import io.fanfare.examples.login.TokenIssuer;
import io.fanfare.examples.web.Example;
import io.fanfare.examples.web.Launcher;
import io.fanfare.examples.web.PageServer;
import io.fanfare.examples.web.Route.Answer;
import io.fanfare.frame.FrameLimits;
import io.fanfare.options.TopicRule;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The example: broker, moderation desk and page in one process; {@code examples/chat/run} starts it. */
public final class Chat implements Example {

    static final List<String> ROOMS = List.of("lobby", "kitchen", "workshop");

    /** The role that may remove users. */
    static final String MODERATOR = "moderator";

    static final List<Account> ACCOUNTS = List.of(
            Account.of("alice", "wonderland"),
            Account.of("bob", "the-builder"),
            Account.of("carol", "christmas", MODERATOR));

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
    private static final int HISTORY_MESSAGES = 200;
    private static final Duration HISTORY_AGE = Duration.ofHours(12);
    private static final long HISTORY_BYTES = 256 << 10;
    private static final int MAX_FRAME_BYTES = 16 << 10;

    private final TokenIssuer tokens;
    private final FanfareServer server;
    private final ModerationDesk desk;
    private final PageServer page;

    private Chat(ChatOptions options, TokenIssuer tokens, FanfareServer server, Removals removals) {
        this.tokens = tokens;
        this.server = server;
        Login login = new Login("chat", ACCOUNTS, tokens, account -> refusal(removals, account));
        page = login.addTo(PageServer.of("chat", server.webSocketUri()))
                .config(Map.of(
                        "webSocketUrl",
                        server.webSocketUri().toString(),
                        "accounts",
                        ACCOUNTS,
                        "rooms",
                        ROOMS,
                        "removalSeconds",
                        options.removal().toSeconds()))
                .start(options.port());
        desk = ModerationDesk.open(server, tokens, removals, Chat::isRemovable);
    }

    /** Runs until a signal ends the process. */
    public static void main(String... arguments) throws InterruptedException {
        Launcher.run("chat", ChatOptions.USAGE, arguments, each -> start(ChatOptions.parse(each)));
    }

    static Chat start(ChatOptions options) {
        Removals removals = new Removals(options.removal(), Clock.systemUTC());
        TokenIssuer tokens = TokenIssuer.open(TOKEN_LIFE);
        @Nullable FanfareServer server = null;
        try {
            server = FanfareServer.builder()
                    .port(options.webSocketPort())
                    .tcpPort(-1)
                    .broker(broker(tokens, removals))
                    .start();
            return new Chat(options, tokens, server, removals);
        } catch (RuntimeException e) {
            if (server != null) {
                server.close();
            }
            tokens.close();
            throw e;
        }
    }

    private static BrokerOptions broker(TokenIssuer tokens, Removals removals) {
        return BrokerOptions.builder()
                .topics(topics -> topics.rules(List.of(TopicRule.of("/topic/room.*")
                        .history(HISTORY_MESSAGES, HISTORY_AGE, HISTORY_BYTES)
                        .withPresence())))
                .limits(limits -> limits.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES)))
                .auth(auth -> auth.authenticator(unlessRemoved(tokens.authenticator(), removals))
                        .authorizer(unlessRemoved(permissions(), removals)))
                .build();
    }

    /** Users talk, and see the others that are there; moderators ask for removals, and the desk reads that. */
    private static Rules permissions() {
        String[] rooms = ROOMS.stream().map(room -> "/topic/room." + room).toArray(String[]::new);
        String[] typing = ROOMS.stream().map(room -> "/topic/typing." + room).toArray(String[]::new);
        return Rules.of(
                // SEND, SUBSCRIBE and PRESENCE
                Rule.allow(rooms),
                Rule.allow(Action.SEND, typing),
                Rule.allow(Action.SUBSCRIBE, typing),
                Rule.allow(Action.SEND, ModerationDesk.QUEUE).forRoles(MODERATOR),
                Rule.allow(Action.SUBSCRIBE, ModerationDesk.QUEUE).forRoles(ModerationDesk.ROLE));
    }

    /** A token is valid for some minutes, also one that a removed user has got before. */
    private static Authenticator unlessRemoved(Authenticator authenticator, Removals removals) {
        return credentials -> authenticator.authenticate(credentials).thenApply(principal -> {
            if (removals.of(principal.name()).isPresent()) {
                throw new AuthenticationException("removed by a moderator");
            }
            return principal;
        });
    }

    /** A client that was being let in while its user was removed is not among those that are closed; it gets nowhere. */
    private static Authorizer unlessRemoved(Authorizer authorizer, Removals removals) {
        return (principal, action, destination) ->
                removals.of(principal.name()).isEmpty() && authorizer.allows(principal, action, destination);
    }

    /** What the page of a removed user is told in place of a token. */
    private static Optional<Answer> refusal(Removals removals, Account account) {
        return removals.of(account.name())
                .map(removal -> new Answer(
                        403, Map.of("message", removal.text(), "seconds", removals.secondsLeft(removal)), null));
    }

    private static boolean isRemovable(String user) {
        return ACCOUNTS.stream()
                .anyMatch(account ->
                        account.name().equals(user) && !account.roles().contains(MODERATOR));
    }

    FanfareServer server() {
        return server;
    }

    TokenIssuer tokens() {
        return tokens;
    }

    @Override
    public URI broker() {
        return server.webSocketUri();
    }

    @Override
    public URI uri() {
        return page.uri();
    }

    @Override
    public void close() {
        page.close();
        desk.close();
        server.close();
        tokens.close();
    }
}

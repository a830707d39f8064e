package io.fanfare.examples.notifications;

import io.fanfare.admin.AdminApi;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.examples.login.Account;
import io.fanfare.examples.login.Login;
import io.fanfare.examples.login.TokenIssuer;
import io.fanfare.examples.notifications.BackEnd.Notification;
import io.fanfare.examples.web.Example;
import io.fanfare.examples.web.Launcher;
import io.fanfare.examples.web.PageServer;
import io.fanfare.examples.web.Route.Answer;
import io.fanfare.examples.web.Route.Request;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The example: broker, back end and page in one process; {@code examples/notifications/run} starts it. */
public final class Notifications implements Example {

    static final List<Account> ACCOUNTS = List.of(Account.of("alice", "wonderland"), Account.of("bob", "the-builder"));

    private static final int MAX_TEXT = 200;

    private final TokenIssuer tokens;
    private final FanfareServer server;
    private final BackEnd backEnd;
    private final Business business;
    private final PageServer page;

    private Notifications(NotificationsOptions options, TokenIssuer tokens, FanfareServer server) {
        this.tokens = tokens;
        this.server = server;
        backEnd = new BackEnd(server.webSocketPort(), tokens);
        Login login = new Login("notifications", ACCOUNTS, tokens, account -> Optional.empty());
        page = login.addTo(PageServer.of("notifications", server.webSocketUri()))
                .config(Map.of("webSocketUrl", server.webSocketUri().toString(), "accounts", ACCOUNTS))
                .route(
                        "notify",
                        request -> login.account(request)
                                .map(account -> notify(account, request))
                                .orElseGet(Login::loggedOut))
                .start(options.port());
        business = Business.start(backEnd, ACCOUNTS.stream().map(Account::name).toList(), options.every());
    }

    /** Runs until a signal ends the process. */
    public static void main(String... arguments) throws InterruptedException {
        Launcher.run(
                "notifications",
                NotificationsOptions.USAGE,
                arguments,
                each -> start(NotificationsOptions.parse(each)));
    }

    static Notifications start(NotificationsOptions options) {
        TokenIssuer tokens = TokenIssuer.open(options.tokenLife());
        FanfareServer server = null;
        try {
            server = FanfareServer.builder()
                    .port(options.webSocketPort())
                    .tcpPort(-1)
                    .broker(broker(tokens))
                    // the back end publishes on the port of the clients, as one of them
                    .httpPublish(true)
                    .http(new AdminApi())
                    .start();
            return new Notifications(options, tokens, server);
        } catch (RuntimeException e) {
            if (server != null) {
                server.close();
            }
            tokens.close();
            throw e;
        }
    }

    /** Users read what is their own, and tell their own browsers what they have read; the back end alone notifies. */
    private static BrokerOptions broker(TokenIssuer tokens) {
        return BrokerOptions.builder()
                .auth(auth -> auth.authenticator(tokens.authenticator())
                        .authorizer(Rules.of(
                                Rule.allow(Action.SEND, "/user/{user}/queue/read"),
                                Rule.allow(Action.SEND, "/user/*/queue/notifications")
                                        .forRoles(BackEnd.ROLE))))
                .build();
    }

    /** The page's form: a user has the back end notify one. */
    private Answer notify(Account from, Request request) {
        String to = request.text("to");
        String text = request.text("text").strip();
        if (ACCOUNTS.stream().noneMatch(account -> account.name().equals(to))) {
            return Answer.refused(422, "There is no user of that name.");
        }
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            return Answer.refused(422, "A text has 1 to " + MAX_TEXT + " characters.");
        }
        int browsers = backEnd.push(to, new Notification(from.name(), "A word from " + from.name(), text));
        return Answer.ok(Map.of("browsers", browsers));
    }

    BackEnd backEnd() {
        return backEnd;
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
        business.close();
        server.close();
        tokens.close();
    }
}

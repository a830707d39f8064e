package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;
import static io.fanfare.cli.config.Setting.server;

import io.fanfare.security.Authorizer;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Who may connect, and what they may do: the keys of {@code auth}, and {@code permissions}. */
final class AuthSettings {

    static final List<Setting<?>> ALL = List.of(
            server(
                    "auth.allow_anonymous",
                    new Flag(),
                    "Whether everybody may come in without a login where others than this machine can connect.",
                    ServerOptions::allowAnonymous,
                    FanfareServerBuilder::allowAnonymous),
            broker(
                    "auth.expiry_warning",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long before its token expires a client with soft errors is told.",
                    o -> o.auth().expiryWarning(),
                    (b, v) -> b.auth(a -> a.expiryWarning(v))),
            auth(
                    "auth.users_file",
                    new FilePath(true),
                    "Users, a line each: NAME:HASH:ROLE,ROLE; 'fanfare user hash NAME' makes one. Read again when it changes.",
                    auth -> auth.usersFile,
                    (auth, file) -> auth.usersFile = file),
            auth(
                    "auth.certificate",
                    new Text("common_name, dns, email or uri", "common_name|dns|email|uri").or("off", ""),
                    "Where a TLS certificate names its user: common_name, dns, email or uri; off: such logins are none.",
                    auth -> auth.certificate,
                    (auth, name) -> auth.certificate = name),
            auth(
                    "auth.jwt.secret_file",
                    new FilePath(true),
                    "The secret for HS256 (32 bytes or more), HS384 (48), HS512 (64).",
                    auth -> auth.secretFile,
                    (auth, file) -> auth.secretFile = file),
            auth(
                    "auth.jwt.public_key",
                    new FilePath(false),
                    "PEM, PUBLIC KEY or CERTIFICATE, one or several: for RS, PS and ES with 256, 384 and 512.",
                    auth -> auth.publicKey,
                    (auth, file) -> auth.publicKey = file),
            auth(
                    "auth.jwt.jwks_file",
                    new FilePath(false),
                    "Public keys as a JWK set.",
                    auth -> auth.jwksFile,
                    (auth, file) -> auth.jwksFile = file),
            auth(
                    "auth.jwt.jwks_url",
                    new Text(
                                    "a URL that begins with https:// (http:// only on this machine)",
                                    "https://[\\p{Alnum}\\[][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}"
                                            + "|http://(localhost|127\\.0\\.0\\.1|\\[::1])[:/][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}")
                            .or("off", ""),
                    "The same from a server; what it gave last counts while it does not answer.",
                    auth -> auth.jwksUrl,
                    (auth, url) -> auth.jwksUrl = url),
            auth(
                    "auth.jwt.issuer",
                    Text.NAME.or("off", ""),
                    "What a token's iss must be; off: anything.",
                    auth -> auth.issuer,
                    (auth, issuer) -> auth.issuer = issuer),
            auth(
                    "auth.jwt.audience",
                    Text.NAME.or("off", ""),
                    "What a token's aud must be or contain; off: anything.",
                    auth -> auth.audience,
                    (auth, audience) -> auth.audience = audience),
            auth(
                    "auth.jwt.clock_skew",
                    new Time(Duration.ZERO, Duration.ofHours(1)),
                    "How far the issuer's clock may differ.",
                    auth -> auth.clockSkew,
                    (auth, skew) -> auth.clockSkew = skew),
            auth(
                    "auth.jwt.name_claim",
                    Text.NAME,
                    "The claim that is the user's name.",
                    auth -> auth.nameClaim,
                    (auth, claim) -> auth.nameClaim = claim),
            auth(
                    "auth.jwt.roles_claim",
                    Text.NAME,
                    "The claim that lists the user's roles; dots lead into objects, as in realm_access.roles.",
                    auth -> auth.rolesClaim,
                    (auth, claim) -> auth.rolesClaim = claim),
            auth(
                    "auth.jwt.cookie",
                    new Text("a cookie's name", "[!#$%&'*+.^_`|~\\p{Alnum}-]{1,255}").or("off", ""),
                    "The cookie of the handshake that may hold a token; off: none.",
                    auth -> auth.cookie,
                    (auth, name) -> auth.cookie = name),
            broker(
                    "permissions",
                    new RuleList(),
                    "Rules such as {allow: subscribe, to: [/topic/prices], roles: [trader]}; none: all may do all. Read again.",
                    options -> options.auth().authorizer() instanceof Rules rules ? rules.rules() : List.of(),
                    (broker, rules) ->
                            broker.auth(a -> a.authorizer(rules.isEmpty() ? Authorizer.ALL : new Rules(rules)))));

    private AuthSettings() {}

    private static <T> Setting<T> auth(
            String key, Type<T> type, String comment, Function<Auth, T> get, BiConsumer<Auth, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.auth()),
                (draft, value) -> set.accept(draft.auth(), value));
    }
}

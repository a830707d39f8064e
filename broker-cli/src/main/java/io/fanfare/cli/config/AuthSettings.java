package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.AUTH;
import static io.fanfare.cli.config.Setting.server;

import io.fanfare.cli.config.ValueTypes.FilePath;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.options.AuthOptions;
import io.fanfare.security.Authorizer;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Authentication and permissions: the keys of {@code auth}, and {@code permissions}. */
final class AuthSettings {

    static final List<Setting<?>> ALL = List.of(
            server(
                    "auth.allow_anonymous",
                    new Flag(),
                    "Whether a broker without authentication may listen on other addresses than loopback.",
                    ServerOptions::allowAnonymous,
                    FanfareServerBuilder::allowAnonymous),
            AUTH.option(
                    "auth.expiry_warning",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "Time before the expiry of its token at which a client with soft errors is warned.",
                    AuthOptions::expiryWarning,
                    AuthOptions.Builder::expiryWarning),
            auth(
                    "auth.users_file",
                    new FilePath(true),
                    "File of users, a line each: NAME:HASH:ROLE,ROLE, from 'fanfare user hash NAME'. Read again when"
                            + " it changes.",
                    auth -> auth.usersFile,
                    (auth, file) -> auth.usersFile = file),
            auth(
                    "auth.certificate",
                    new Text("common_name, dns, email or uri", "common_name|dns|email|uri").or("off", ""),
                    "Name of a TLS client certificate that is the user: common_name, dns, email, uri; off: no such"
                            + " logins.",
                    auth -> auth.certificate,
                    (auth, name) -> auth.certificate = name),
            auth(
                    "auth.jwt.secret_file",
                    new FilePath(true),
                    "File with the secret for HS256 (32 bytes or more), HS384 (48), HS512 (64).",
                    auth -> auth.secretFile,
                    (auth, file) -> auth.secretFile = file),
            auth(
                    "auth.jwt.public_key",
                    new FilePath(false),
                    "PEM file with one or several PUBLIC KEY or CERTIFICATE: for RS, PS and ES with 256, 384 and 512.",
                    auth -> auth.publicKey,
                    (auth, file) -> auth.publicKey = file),
            auth(
                    "auth.jwt.jwks_file",
                    new FilePath(false),
                    "File with public keys as a JWK set.",
                    auth -> auth.jwksFile,
                    (auth, file) -> auth.jwksFile = file),
            auth(
                    "auth.jwt.jwks_url",
                    new Text(
                                    "a URL that begins with https:// (http:// only on this machine)",
                                    "https://[\\p{Alnum}\\[][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}"
                                            + "|http://(localhost|127\\.0\\.0\\.1|\\[::1])"
                                            + "[:/][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}")
                            .or("off", ""),
                    "URL of a JWK set, fetched every 5m; while the server does not answer, the last set stays valid.",
                    auth -> auth.jwksUrl,
                    (auth, url) -> auth.jwksUrl = url),
            auth(
                    "auth.jwt.issuer",
                    Text.NAME.or("off", ""),
                    "Required iss of a token; off: any.",
                    auth -> auth.issuer,
                    (auth, issuer) -> auth.issuer = issuer),
            auth(
                    "auth.jwt.audience",
                    Text.NAME.or("off", ""),
                    "Required aud of a token, or a member of it; off: any.",
                    auth -> auth.audience,
                    (auth, audience) -> auth.audience = audience),
            auth(
                    "auth.jwt.clock_skew",
                    new Time(Duration.ZERO, Duration.ofHours(1)),
                    "Tolerated difference between the clocks of issuer and broker, for exp and nbf.",
                    auth -> auth.clockSkew,
                    (auth, skew) -> auth.clockSkew = skew),
            auth(
                    "auth.jwt.name_claim",
                    Text.NAME,
                    "Claim with the user's name.",
                    auth -> auth.nameClaim,
                    (auth, claim) -> auth.nameClaim = claim),
            auth(
                    "auth.jwt.roles_claim",
                    Text.NAME,
                    "Claim with the user's roles; dots lead into objects, as in realm_access.roles.",
                    auth -> auth.rolesClaim,
                    (auth, claim) -> auth.rolesClaim = claim),
            auth(
                    "auth.jwt.cookie",
                    new Text("a cookie's name", "[!#$%&'*+.^_`|~\\p{Alnum}-]{1,255}").or("off", ""),
                    "Cookie of the handshake that may hold a token; off: none.",
                    auth -> auth.cookie,
                    (auth, name) -> auth.cookie = name),
            AUTH.option(
                    "permissions",
                    new RuleList(),
                    "Rules such as {allow: subscribe, to: [/topic/a], roles: [b]}; none: no restrictions. Read again"
                            + " when they change.",
                    auth -> auth.authorizer() instanceof Rules rules ? rules.rules() : List.of(),
                    (auth, rules) -> auth.authorizer(rules.isEmpty() ? Authorizer.ALL : new Rules(rules))));

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

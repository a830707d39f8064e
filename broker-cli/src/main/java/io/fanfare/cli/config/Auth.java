package io.fanfare.cli.config;

import io.fanfare.auth.CertificateAuthenticator;
import io.fanfare.auth.CertificateOptions;
import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.auth.SelectiveAuthenticator;
import io.fanfare.auth.UsersFile;
import io.fanfare.security.Authenticator;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The options of authentication while they are being set one by one. An empty text means none. */
final class Auth {

    Optional<Path> usersFile = Optional.empty();
    String certificate = "";
    Optional<Path> secretFile = Optional.empty();
    Optional<Path> publicKey = Optional.empty();
    Optional<Path> jwksFile = Optional.empty();
    String jwksUrl = "";
    String issuer = "";
    String audience = "";
    Duration clockSkew = Duration.ofSeconds(30);
    String nameClaim = "sub";
    String rolesClaim = "roles";
    String cookie = "";

    /**
     * Builds the authenticator; empty when clients need no login. Files are read and threads are started here.
     *
     * @param placeOf the place where a key was set
     * @throws ConfigException when a file can't be used, or settings contradict each other
     */
    Optional<Authenticator> open(Function<String, Place> placeOf) {
        List<SelectiveAuthenticator> kinds = new ArrayList<>();
        jwt(placeOf).ifPresent(kinds::add);
        usersFile.ifPresent(file -> kinds.add(opened("auth.users_file", placeOf, () -> UsersFile.open(file))));
        if (!certificate.isEmpty()) {
            CertificateOptions.Name name = CertificateOptions.Name.valueOf(certificate.toUpperCase(Locale.ROOT));
            kinds.add(new CertificateAuthenticator(new CertificateOptions(name)));
        }
        return kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(SelectiveAuthenticator.firstOf(kinds.toArray(SelectiveAuthenticator[]::new)));
    }

    private Optional<SelectiveAuthenticator> jwt(Function<String, Place> placeOf) {
        return tokens(placeOf)
                .map(options -> opened(nameOf(options.keys()), placeOf, () -> new JwtAuthenticator(options)));
    }

    private static String nameOf(KeySource source) {
        return source instanceof KeySource.SecretFile
                ? "auth.jwt.secret_file"
                : source instanceof KeySource.PublicKeyFile
                        ? "auth.jwt.public_key"
                        : source instanceof KeySource.JwksFile ? "auth.jwt.jwks_file" : "auth.jwt.jwks_url";
    }

    /**
     * What tokens must be like; empty when none are looked at.
     *
     * @param placeOf the place where a key was set
     * @throws ConfigException when settings contradict each other
     */
    Optional<JwtOptions> tokens(Function<String, Place> placeOf) {
        Map<String, KeySource> sources = new LinkedHashMap<>();
        secretFile.ifPresent(file -> sources.put("auth.jwt.secret_file", new KeySource.SecretFile(file)));
        publicKey.ifPresent(file -> sources.put("auth.jwt.public_key", new KeySource.PublicKeyFile(file)));
        jwksFile.ifPresent(file -> sources.put("auth.jwt.jwks_file", new KeySource.JwksFile(file)));
        if (!jwksUrl.isEmpty()) {
            URI uri = opened("auth.jwt.jwks_url", placeOf, () -> URI.create(jwksUrl));
            sources.put("auth.jwt.jwks_url", new KeySource.JwksUrl(uri));
        }
        List<String> keys = List.copyOf(sources.keySet());
        if (keys.size() > 1) {
            throw new ConfigException(
                    placeOf.apply(keys.get(1)), "tokens are checked with one of " + String.join(" and ", keys));
        }
        if (keys.isEmpty()) {
            // a condition for tokens without a key to check them: the operator believes that they are checked
            refuse("auth.jwt.issuer", issuer, placeOf);
            refuse("auth.jwt.audience", audience, placeOf);
            refuse("auth.jwt.cookie", cookie, placeOf);
            return Optional.empty();
        }
        return Optional.of(new JwtOptions(
                Objects.requireNonNull(sources.get(keys.get(0))),
                orNull(issuer),
                orNull(audience),
                clockSkew,
                true,
                nameClaim,
                rolesClaim,
                orNull(cookie)));
    }

    private static void refuse(String key, String condition, Function<String, Place> placeOf) {
        if (!condition.isEmpty()) {
            throw new ConfigException(
                    placeOf.apply(key),
                    "tokens are not looked at without auth.jwt.secret_file, public_key, jwks_file or jwks_url");
        }
    }

    private static <T> T opened(String key, Function<String, Place> placeOf, Supplier<T> open) {
        try {
            return open.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(placeOf.apply(key), key + ": " + e.getMessage());
        }
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}

package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.server;

import io.fanfare.cli.config.ValueTypes.FilePath;
import io.fanfare.cli.config.ValueTypes.Flag;
import io.fanfare.cli.config.ValueTypes.ListOf;
import io.fanfare.cli.config.ValueTypes.Text;
import io.fanfare.server.TlsOptions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** TLS: the keys of {@code tls}. */
final class TlsSettings {

    static final List<Setting<?>> ALL = List.of(
            tls(
                    "tls.certificates",
                    new FilePath(false),
                    "PEM file with the server's certificate and its chain; off: no TLS.",
                    options -> Optional.ofNullable(options.certificates()),
                    (options, file) -> options.withCertificates(file.orElse(null))),
            tls(
                    "tls.key",
                    new FilePath(true),
                    "PEM file with the certificate's private key, without a passphrase.",
                    options -> Optional.ofNullable(options.key()),
                    (options, file) -> options.withKey(file.orElse(null))),
            tls(
                    "tls.client_authorities",
                    new FilePath(false),
                    "PEM file with the authorities of client certificates, or with those certificates themselves.",
                    options -> Optional.ofNullable(options.clientAuthorities()),
                    (options, file) -> options.withClientAuthorities(file.orElse(null))),
            tls(
                    "tls.client_auth",
                    new Text("none, want or need", "none|want|need")
                            .as(
                                    word -> TlsOptions.ClientAuth.valueOf(word.toUpperCase(Locale.ROOT)),
                                    auth -> auth.name().toLowerCase(Locale.ROOT)),
                    "Client certificates: none, want (optional, but a bad one is refused) or need (required).",
                    TlsOptions::clientAuth,
                    TlsOptions::withClientAuth),
            tls(
                    "tls.protocols",
                    new ListOf<>(new Text("TLSv1.3 or TLSv1.2", "TLSv1\\.[23]")),
                    "TLS versions that are accepted.",
                    TlsOptions::protocols,
                    TlsOptions::withProtocols),
            tls(
                    "tls.stomp",
                    new Flag(),
                    "Whether STOMP over TCP uses TLS, too, when there is a certificate.",
                    TlsOptions::tcp,
                    TlsOptions::withTcp));

    private TlsSettings() {}

    private static <T> Setting<T> tls(
            String key,
            Type<T> type,
            String comment,
            Function<TlsOptions, T> get,
            BiFunction<TlsOptions, T, TlsOptions> with) {
        return server(
                key,
                type,
                comment,
                options -> get.apply(options.tls()),
                (server, value) -> server.tls(with.apply(server.options().tls(), value)));
    }
}

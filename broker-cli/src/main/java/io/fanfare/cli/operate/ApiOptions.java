package io.fanfare.cli.operate;

import io.fanfare.cli.options.LoginOptions;
import io.fanfare.cli.options.TrustOptions;
import io.fanfare.server.ServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that ask a broker's HTTP API: its URL and the operator's credentials. */
final class ApiOptions {

    private static final String DEFAULT_URL = "http://127.0.0.1:" + ServerOptions.DEFAULT_ADMIN_PORT;

    /** The path of the API, which users may write or leave out. */
    private static final String PATH = "/api/v1";

    @Option(
            names = "--api",
            paramLabel = "URL",
            defaultValue = DEFAULT_URL,
            description = "URL of the broker's admin listener (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create(DEFAULT_URL);

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token of an operator: of admin.tokens_file, or a JWT; or else --login, with the role admin.")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File whose first line is the token, so that no list of processes shows it.")
    private @Nullable Path tokenFile;

    @Mixin
    private LoginOptions user = new LoginOptions();

    @Mixin
    private TrustOptions trust = new TrustOptions();

    /**
     * A client with these options.
     *
     * @throws IllegalArgumentException when the URL is none, the file can't be read, or there are two credentials
     */
    ApiClient client() {
        String text = url.toString();
        if (!text.startsWith("http://") && !text.startsWith("https://")) {
            throw new IllegalArgumentException("--api must begin with http:// or https://, not " + text);
        }
        String base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return new ApiClient(base.endsWith(PATH) ? base : base + PATH, authorization(), trust.context());
    }

    private Optional<String> authorization() {
        String login = user.login().orElse(null);
        int given = (token == null ? 0 : 1) + (tokenFile == null ? 0 : 1) + (login == null ? 0 : 1);
        if (given > 1) {
            throw new IllegalArgumentException("--token, --token-file and --login exclude each other");
        }
        if (user.passcode().isPresent() && login == null) {
            throw new IllegalArgumentException("--passcode needs --login");
        }
        if (login != null) {
            // RFC 7617 2
            byte[] pair = (login + ":" + user.passcode().orElse("")).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        String bearer = tokenFile == null ? token : firstLine(tokenFile);
        return Optional.ofNullable(bearer).map(each -> "Bearer " + each.strip());
    }

    private static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(file + " has no token"));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
        }
    }
}

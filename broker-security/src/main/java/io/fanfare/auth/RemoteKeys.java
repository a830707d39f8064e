package io.fanfare.auth;

import com.nimbusds.jose.JWSHeader;
import io.fanfare.security.AuthenticationUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a JWK set from an HTTP server. The set fetched last counts until another is fetched that is a JWK set with keys:
 * an error, a page of HTML, or a certificate that does not verify changes nothing. Only tokens whose key is not known wait
 * for a fetch, and there is at most one in {@link #PAUSE}.
 */
final class RemoteKeys implements Keys {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteKeys.class);

    /** Least time between two fetches: tokens with invented keys must not cause more. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /** Age at which the set is fetched again. */
    static final Duration REFRESH = Duration.ofMinutes(5);

    /** Time for a whole fetch; as long as the login timeout. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MAX_BYTES = 256 << 10;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI uri;
    private final LongSupplier nanoTime;
    private final Duration patience;
    private final Workers fetcher = new Workers("jwks", 1, 1);
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /** Null: none were fetched yet. */
    private volatile @Nullable List<VerificationKey> keys;

    private volatile long fetchedAt;

    /** The fetch under way; null: there is none. Guarded by this. */
    private @Nullable CompletableFuture<Void> fetching;

    /** Time of the last fetch's beginning; null: there was none. Guarded by this. */
    private @Nullable Long triedAt;

    private RemoteKeys(URI uri, LongSupplier nanoTime, Duration patience) {
        this.uri = uri;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    /** Begins to fetch keys, with the defaults. */
    static RemoteKeys open(URI uri) {
        return open(uri, System::nanoTime, PATIENCE);
    }

    /**
     * Begins to fetch keys.
     *
     * @param patience time from the request to the last byte of the response
     * @throws IllegalArgumentException when the URL is neither https nor this machine's: the keys could be an attacker's
     */
    static RemoteKeys open(URI uri, LongSupplier nanoTime, Duration patience) {
        boolean isSafe = "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme())
                        && uri.getHost() != null
                        && LOOPBACK.contains(uri.getHost()));
        if (uri.getHost() == null && uri.getRawAuthority() != null) {
            // java.net.http cannot be given such a host in any way
            throw new IllegalArgumentException("Java connects to no host named " + uri.getRawAuthority()
                    + " (letters, digits, - and . only): use its IP address, or another name for it");
        }
        if (!isSafe || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "the URL of a JWK set begins with https:// (http:// only on this machine)");
        }
        RemoteKeys opened = new RemoteKeys(uri, nanoTime, patience);
        opened.refresh();
        return opened;
    }

    @Override
    public CompletableFuture<List<VerificationKey>> find(JWSHeader header) {
        List<VerificationKey> known = keys;
        if (known == null) {
            return refresh().thenApply(done -> fitting(header));
        }
        List<VerificationKey> found = VerificationKey.fitting(known, header);
        if (found.isEmpty()) {
            // perhaps the issuer has a new key
            return refresh().thenApply(done -> fitting(header));
        }
        if (nanoTime.getAsLong() - fetchedAt >= REFRESH.toNanos()) {
            refresh();
        }
        return CompletableFuture.completedFuture(found);
    }

    private List<VerificationKey> fitting(JWSHeader header) {
        List<VerificationKey> known = keys;
        if (known == null) {
            throw new AuthenticationUnavailableException("no keys from " + name());
        }
        return VerificationKey.fitting(known, header);
    }

    /**
     * Starts a fetch, unless one is under way or has begun less than {@link #PAUSE} ago.
     *
     * @return done when there is no fetch to wait for any more
     */
    private synchronized CompletableFuture<Void> refresh() {
        if (fetching != null) {
            return fetching;
        }
        long now = nanoTime.getAsLong();
        if (triedAt != null && now - triedAt < PAUSE.toNanos()) {
            return CompletableFuture.completedFuture(null);
        }
        triedAt = now;
        CompletableFuture<Void> done = fetcher.<Void>submit(() -> {
                    fetch();
                    return null;
                })
                .whenComplete((nothing, failure) -> fetched());
        fetching = done.isDone() ? null : done;
        return done;
    }

    private synchronized void fetched() {
        fetching = null;
    }

    private void fetch() {
        try {
            List<VerificationKey> fetched = VerificationKey.ofJwks(body());
            fetchedAt = nanoTime.getAsLong();
            if (!fetched.equals(keys)) {
                LOG.info("fetched url={} keys={}", name(), fetched.size());
                keys = fetched;
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "not fetched url={} reason={}{}",
                    name(),
                    e.getMessage(),
                    keys == null ? "" : "; the keys it gave before still count");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("bug while fetching url={}", name(), e);
        }
    }

    private String body() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/jwk-set+json, application/json")
                .timeout(patience)
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, info -> new LimitedBody(MAX_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("HTTP status " + response.statusCode());
            }
            return new String(response.body(), StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? e.toString() : cause.toString(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within " + patience.toMillis() + " ms", e);
        }
    }

    /** The URL for logs, without user and query: they may be secret. */
    private String name() {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + uri.getPath();
    }

    @Override
    public void close() {
        fetcher.close();
    }
}

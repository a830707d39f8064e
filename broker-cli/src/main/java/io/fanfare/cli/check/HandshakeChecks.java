package io.fanfare.cli.check;

import static io.fanfare.cli.check.Check.webSocket;
import static io.fanfare.cli.check.Finding.require;
import static io.fanfare.cli.check.Finding.same;

import io.fanfare.cli.wire.ClientHandshake;
import io.fanfare.cli.wire.HandshakeResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The WebSocket handshake. */
final class HandshakeChecks {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    /** Not assigned (RFC 6455 11.6). Version 8 is: drafts whose frames are those of 13, which a server may still speak. */
    private static final int UNKNOWN_VERSION = 99;

    static final List<Check> ALL = List.of(
            webSocket(
                    1,
                    "a supported sub-protocol is answered once, as offered",
                    "RFC 6455 4.2.2",
                    trial -> same(
                            PROTOCOL,
                            List.of("v12.stomp"),
                            offer(trial, "v12.stomp").header(PROTOCOL))),
            webSocket(2, "no sub-protocol offered: none answered", "RFC 6455 4.2.2", HandshakeChecks::noneOffered),
            webSocket(
                    3,
                    "unknown sub-protocols alone: none of them answered",
                    "RFC 6455 4.2.2",
                    trial -> same(
                            PROTOCOL, List.of(), offer(trial, "fanfare-check").header(PROTOCOL))),
            webSocket(
                    4,
                    "the highest version offered wins",
                    "clients derive accept-version from it",
                    trial -> lenientlySame(List.of("v12.stomp"), offer(trial, "v10.stomp, v11.stomp, v12.stomp"))),
            webSocket(
                    5,
                    "plain STOMP, in any case, is echoed as spelled",
                    "older clients offer it",
                    HandshakeChecks::plainStomp),
            webSocket(6, "an offer spread over two lines is one list", "RFC 6455 11.3.4", HandshakeChecks::twoLines),
            webSocket(
                    7,
                    "CONNECT decides the version, not the sub-protocol",
                    "clients offer all in both places",
                    HandshakeChecks::connectDecides),
            webSocket(
                    8,
                    "an unknown WebSocket version is refused with 426 and the right one",
                    "RFC 6455 4.2.2",
                    HandshakeChecks::otherVersion),
            webSocket(
                    9,
                    "accept value, wrong paths, requests that do not upgrade",
                    "RFC 6455 4.2.2",
                    HandshakeChecks::pathsAndPlainRequests),
            webSocket(
                    25,
                    "no extension that was not offered, none that is unknown",
                    "RFC 6455 9.1",
                    HandshakeChecks::extensions));

    private HandshakeChecks() {}

    private static HandshakeResponse ask(Trial trial, String... lines) {
        return trial.ask(new ClientHandshake(trial.target().url()).request(lines));
    }

    private static HandshakeResponse offer(Trial trial, String protocols) {
        HandshakeResponse response = ask(trial, PROTOCOL + ": " + protocols);
        return protocols.contains("v1") ? upgraded(response) : response;
    }

    private static HandshakeResponse upgraded(HandshakeResponse response) {
        require(response.status() == 101, "HTTP " + response.status());
        return response;
    }

    private static void lenientlySame(List<String> expected, HandshakeResponse response) {
        List<String> chosen = response.header(PROTOCOL);
        if (!chosen.equals(expected)) {
            throw Finding.lenient("chose " + chosen);
        }
    }

    private static void noneOffered(Trial trial) {
        HandshakeResponse response = ask(trial);
        if (response.status() != 101) {
            throw Finding.lenient("HTTP " + response.status() + " to clients that offer none");
        }
        same(PROTOCOL, List.of(), response.header(PROTOCOL));
    }

    private static void plainStomp(Trial trial) {
        for (String name : List.of("stomp", "STOMP")) {
            HandshakeResponse response = ask(trial, PROTOCOL + ": " + name);
            List<String> chosen = response.header(PROTOCOL);
            if (response.status() != 101 || chosen.isEmpty()) {
                throw Finding.lenient("does not choose " + name);
            }
            same(PROTOCOL, List.of(name), chosen);
        }
    }

    private static void twoLines(Trial trial) {
        List<String> chosen = upgraded(ask(trial, PROTOCOL + ": fanfare-check ,  other", PROTOCOL + ":   v12.stomp"))
                .header(PROTOCOL);
        if (chosen.isEmpty()) {
            // a server need not choose any
            throw Finding.lenient("chose none");
        }
        same(PROTOCOL, List.of("v12.stomp"), chosen);
    }

    private static void connectDecides(Trial trial) {
        Reply connected = trial.open(PROTOCOL + ": v11.stomp")
                .send(trial.connectFrame("accept-version:1.2\n"))
                .expect("CONNECTED");
        if (!connected.need("version").equals("1.2")) {
            throw Finding.lenient("version " + connected.need("version"));
        }
    }

    private static void otherVersion(Trial trial) {
        HandshakeResponse response = trial.ask(
                new ClientHandshake(trial.target().url()).request(UNKNOWN_VERSION, List.of(PROTOCOL + ": v12.stomp")));
        require(response.status() >= 400, "HTTP " + response.status());
        boolean told = response.header("Sec-WebSocket-Version").contains("13");
        if (response.status() != 426 || !told) {
            throw Finding.lenient("HTTP " + response.status() + (told ? "" : " without Sec-WebSocket-Version"));
        }
    }

    private static void pathsAndPlainRequests(Trial trial) {
        // the accept value is compared whenever a WebSocket is opened
        trial.open();
        URI url = trial.target().url();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        HandshakeResponse plain =
                trial.ask(("GET " + path + " HTTP/1.1\r\nHost: " + url.getHost() + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        require(plain.status() != 101 && plain.status() < 500, "HTTP " + plain.status() + " to a plain GET");
        URI wrong = url.resolve("/fanfare-check/no-such-path");
        int status = trial.ask(new ClientHandshake(wrong).request(PROTOCOL + ": v12.stomp"))
                .status();
        if (status == 101) {
            throw Finding.lenient("WebSocket at any path");
        }
        require(status >= 400 && status < 500, "HTTP " + status + " to a wrong path");
        if (plain.status() < 400) {
            // a server may have other things to say there
            throw Finding.lenient("HTTP " + plain.status() + " to a plain GET");
        }
    }

    private static void extensions(Trial trial) {
        for (String more : List.of("X-Fanfare-Check: none", "Sec-WebSocket-Extensions: x-fanfare-check")) {
            HandshakeResponse response = upgraded(ask(trial, PROTOCOL + ": v12.stomp", more));
            same("Sec-WebSocket-Extensions", List.of(), response.header("Sec-WebSocket-Extensions"));
        }
    }
}

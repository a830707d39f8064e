package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.HeartBeat;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.HeaderValues;

/** The state of a session that waits for CONNECT, or for the authenticator's answer to it. */
final class Connecting implements SessionState {

    private final Session session;
    private final SessionServices services;
    private final Authentication authentication;

    Connecting(Session session, SessionServices services, Authentication authentication) {
        this.session = session;
        this.services = services;
        this.authentication = authentication;
    }

    @Override
    public void handle(Frame frame) {
        switch (frame.command()) {
            case CONNECT, STOMP -> connect(frame);
            default ->
                throw new ProtocolException(
                        "not connected", "the first frame must be CONNECT or STOMP, not " + frame.command());
        }
    }

    private void connect(Frame frame) {
        services.drain().check();
        StompVersion version = version(frame.headers());
        // a malformed header is found before anything is promised
        HeartBeat heartBeat = heartBeat(version, frame.headers());
        SoftErrorReplies.areWanted(frame.headers());
        frame.headers()
                .find("client-id")
                .ifPresent(id ->
                        HeaderValues.id("client-id", id, services.options().limits()));
        authentication.connect(
                frame, result -> session.connected(frame.headers(), version, heartBeat, result.orThrow()));
    }

    /** The highest version that both sides speak (STOMP 1.2, Protocol Negotiation). */
    private static StompVersion version(Headers connect) {
        String accepted = connect.find("accept-version").orElse("1.0");
        return StompVersion.highestOf(accepted)
                .orElseThrow(() -> new ProtocolException(
                        "no common version",
                        "accept-version is " + Printable.of(accepted) + ", but this broker speaks "
                                + StompVersion.ALL));
    }

    /** The intervals that both sides keep (STOMP 1.2, Heart-beating). */
    private HeartBeat heartBeat(StompVersion version, Headers connect) {
        if (version == StompVersion.V1_0) {
            return HeartBeat.NONE;
        }
        HeartBeat offer = services.options().heartBeat().heartBeat();
        return offer.negotiate(connect.find("heart-beat").map(HeartBeat::parse).orElse(HeartBeat.NONE));
    }
}

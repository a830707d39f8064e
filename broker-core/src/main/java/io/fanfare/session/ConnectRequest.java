package io.fanfare.session;

import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.security.Principal;

/**
 * An accepted CONNECT or STOMP frame.
 *
 * @param version the version that both sides speak from now on
 * @param principal the user that it was authenticated as
 */
record ConnectRequest(Headers headers, StompVersion version, Framing framing, Principal principal) {}

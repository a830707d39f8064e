/**
 * A small STOMP client over {@link java.net.http.WebSocket}, with the codec of {@link io.fanfare.frame}: for the command
 * line, for tests, and for services that need no more.
 *
 * <p>{@link io.fanfare.client.StompClient} may be called from any thread. What arrives is handed over on the
 * connection's own thread, frame after frame: a slow callback delays the messages behind it, and in the end the
 * broker, but no other client.
 *
 * <p>{@link io.fanfare.client.Live} keeps the newest message of each key of a topic in a map, across connections, and the
 * sessions that are present at it.
 */
@NullMarked
package io.fanfare.client;

import org.jspecify.annotations.NullMarked;

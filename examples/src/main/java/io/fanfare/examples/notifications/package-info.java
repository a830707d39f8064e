/**
 * An inbox: users log in, a back end pushes notifications to them through the broker's HTTP API, and their pages show them, also
 * those that came while no page was open.
 *
 * <p>{@link io.fanfare.examples.notifications.Notifications} starts an embedded broker, a {@code BackEnd}, and the page; the page
 * is a STOMP client with a durable subscription, the back end a client of the HTTP API.
 */
@NullMarked
package io.fanfare.examples.notifications;

import org.jspecify.annotations.NullMarked;

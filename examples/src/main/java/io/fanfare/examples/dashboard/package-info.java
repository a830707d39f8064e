/**
 * A live dashboard: what this machine does, measured once a second, published to topics, drawn by a web page.
 *
 * <p>{@link io.fanfare.examples.dashboard.Dashboard} starts an embedded broker, a {@code Publisher} that is a STOMP
 * client of it like any other, and a {@code PageServer} for the page, which is another.
 */
@NullMarked
package io.fanfare.examples.dashboard;

import org.jspecify.annotations.NullMarked;

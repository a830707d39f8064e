/**
 * A live dashboard: measures this machine once a second, publishes the measurements to topics, and draws them on a web page.
 *
 * <p>{@link io.fanfare.examples.dashboard.Dashboard} starts an embedded broker, a {@code MeasurementPublisher} and a
 * {@link io.fanfare.examples.web.PageServer}; publisher and page are STOMP clients of the broker like any other.
 */
@NullMarked
package io.fanfare.examples.dashboard;

import org.jspecify.annotations.NullMarked;

/**
 * Metrics of a broker, for people and programs: Micrometer meters, Prometheus' text, and the last hour, kept and live.
 */
@NullMarked
package io.fanfare.admin.metrics;

import org.jspecify.annotations.NullMarked;

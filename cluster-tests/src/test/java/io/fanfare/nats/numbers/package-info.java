/** Measures several nodes beside raw NATS and RabbitMQ: {@code .ci/cluster-numbers}. Tests do not run it. */
@NullMarked
package io.fanfare.nats.numbers;

import org.jspecify.annotations.NullMarked;

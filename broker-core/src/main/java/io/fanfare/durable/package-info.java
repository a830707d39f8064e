/** Durable subscriptions: subscriptions to topics that go on while their client is away. */
@NullMarked
package io.fanfare.durable;

import org.jspecify.annotations.NullMarked;

/** The broker behind Spring's {@code @EnableWebSocketMessageBroker}, in place of the simple broker. */
@NullMarked
package io.fanfare.spring;

import org.jspecify.annotations.NullMarked;

/** A Spring Boot application that takes orders over STOMP. */
@NullMarked
package io.fanfare.examples.orders;

import org.jspecify.annotations.NullMarked;

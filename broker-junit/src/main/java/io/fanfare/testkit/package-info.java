/**
 * A broker for tests, without a test framework: {@link io.fanfare.testkit.TestBroker} with what tests ask of it. {@code
 * io.fanfare.junit} is a thin layer on it for JUnit.
 */
@NullMarked
package io.fanfare.testkit;

import org.jspecify.annotations.NullMarked;

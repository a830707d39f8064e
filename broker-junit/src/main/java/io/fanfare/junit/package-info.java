/** A broker for tests in JUnit: {@link io.fanfare.junit.FanfareExtension}. */
@NullMarked
package io.fanfare.junit;

import org.jspecify.annotations.NullMarked;

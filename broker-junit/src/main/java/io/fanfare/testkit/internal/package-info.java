/** Internals of the test kit; not for users. */
@NullMarked
package io.fanfare.testkit.internal;

import org.jspecify.annotations.NullMarked;

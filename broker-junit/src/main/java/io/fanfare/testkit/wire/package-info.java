/** Frames and connections of a test, as values. */
@NullMarked
package io.fanfare.testkit.wire;

import org.jspecify.annotations.NullMarked;

/** Tokens for tests and first steps: {@code fanfare token make | check}. */
@NullMarked
package io.fanfare.cli.token;

import org.jspecify.annotations.NullMarked;

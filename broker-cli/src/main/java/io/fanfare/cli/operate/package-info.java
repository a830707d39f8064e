/** Commands of operators, over the HTTP API of a broker: look, act, and {@code fanfare top}. */
@NullMarked
package io.fanfare.cli.operate;

import org.jspecify.annotations.NullMarked;

/** The command line: {@code fanfare serve | pub | sub | bench}. */
@NullMarked
package io.fanfare.cli;

import org.jspecify.annotations.NullMarked;

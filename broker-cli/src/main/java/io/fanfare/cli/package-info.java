/** The command line: {@code fanfare serve | user | completion}, and what is common to all commands. */
@NullMarked
package io.fanfare.cli;

import org.jspecify.annotations.NullMarked;

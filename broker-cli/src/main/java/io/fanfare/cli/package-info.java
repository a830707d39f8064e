/** The command line: {@code fanfare serve | pub | sub | bench | config | user}. */
@NullMarked
package io.fanfare.cli;

import org.jspecify.annotations.NullMarked;

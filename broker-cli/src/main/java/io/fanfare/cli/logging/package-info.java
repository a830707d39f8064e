/** Logs of the process, through Logback: the form of a line, and levels that change while it runs. */
@NullMarked
package io.fanfare.cli.logging;

import org.jspecify.annotations.NullMarked;

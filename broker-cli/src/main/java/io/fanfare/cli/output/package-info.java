/** The output of commands: errors with exit codes, tables, JSON, colours, progress. */
@NullMarked
package io.fanfare.cli.output;

import org.jspecify.annotations.NullMarked;

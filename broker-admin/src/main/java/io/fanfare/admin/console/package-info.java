/** The console: the page for operators, as static files that the admin listener serves. */
@NullMarked
package io.fanfare.admin.console;

import org.jspecify.annotations.NullMarked;

/** The levels of the loggers of the process that has embedded the server, as it supplies them to the API. */
@NullMarked
package io.fanfare.admin.logging;

import org.jspecify.annotations.NullMarked;

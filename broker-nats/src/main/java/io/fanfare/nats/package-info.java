/** What several nodes of a broker share, carried by NATS: the options, and the backplane to give to a broker. */
@NullMarked
package io.fanfare.nats;

import org.jspecify.annotations.NullMarked;

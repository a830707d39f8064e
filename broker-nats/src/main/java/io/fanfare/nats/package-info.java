/** Several nodes of a broker, joined by NATS: the backplane to give to a broker's options. */
@NullMarked
package io.fanfare.nats;

import org.jspecify.annotations.NullMarked;

/** What is set of nodes on NATS; values alone. */
@NullMarked
package io.fanfare.nats.options;

import org.jspecify.annotations.NullMarked;

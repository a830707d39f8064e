/** Publishing: what every message passes on its way to topics and queues, however it came. */
@NullMarked
package io.fanfare.publish;

import org.jspecify.annotations.NullMarked;

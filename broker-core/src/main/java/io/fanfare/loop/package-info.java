/** Event loops and what each of them owns: mailbox, timers, the turn's buffer, and the bytes on their way to one connection. */
@NullMarked
package io.fanfare.loop;

import org.jspecify.annotations.NullMarked;

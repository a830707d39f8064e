/** Quotas: rates at which a connection or user may send, how many destinations and connections it may have, and
 * what it does on behalf of other clients.
 */
@NullMarked
package io.fanfare.quota;

import org.jspecify.annotations.NullMarked;

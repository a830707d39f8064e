/** What happens to a broker's connections and subscriptions: told to listeners, and kept for operators. */
@NullMarked
package io.fanfare.event;

import org.jspecify.annotations.NullMarked;

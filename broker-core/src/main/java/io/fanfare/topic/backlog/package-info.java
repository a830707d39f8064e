/** What waits for subscribers that are slow or paced: its entries, its bounds, and what is dropped. */
@NullMarked
package io.fanfare.topic.backlog;

import org.jspecify.annotations.NullMarked;

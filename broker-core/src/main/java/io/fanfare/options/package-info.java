/** Options: what a broker allows and offers, in groups with defaults. Values alone; every room gets those that it needs. */
@NullMarked
package io.fanfare.options;

import org.jspecify.annotations.NullMarked;

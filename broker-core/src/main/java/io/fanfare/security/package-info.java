/** Who may come in and what they may do: ready-made fillings of the broker's seams. */
@NullMarked
package io.fanfare.security;

import org.jspecify.annotations.NullMarked;

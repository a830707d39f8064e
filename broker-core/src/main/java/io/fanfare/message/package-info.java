/** Messages and destinations: what a SEND becomes, what a destination header names, and how MESSAGE frames are encoded. */
@NullMarked
package io.fanfare.message;

import org.jspecify.annotations.NullMarked;

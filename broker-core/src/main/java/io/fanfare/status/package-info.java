/** Values that say what goes on in a broker: what operators are shown, and nothing of its inside. */
@NullMarked
package io.fanfare.status;

import org.jspecify.annotations.NullMarked;

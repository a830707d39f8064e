/** Files that a running broker reads: a reader with a limit, a watcher that tells of changes, a reader of PEM. Knows no other room. */
@NullMarked
package io.fanfare.files;

import org.jspecify.annotations.NullMarked;

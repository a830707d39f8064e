/** Options that several commands share: broker, credentials, trusted certificates, durations. */
@NullMarked
package io.fanfare.cli.options;

import org.jspecify.annotations.NullMarked;

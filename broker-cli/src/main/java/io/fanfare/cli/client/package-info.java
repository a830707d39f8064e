/** Publishing and subscribing from a shell: {@code fanfare pub} and {@code fanfare sub}. */
@NullMarked
package io.fanfare.cli.client;

import org.jspecify.annotations.NullMarked;

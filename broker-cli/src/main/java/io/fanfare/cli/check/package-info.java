/**
 * {@code fanfare check}: a conformance check of any STOMP broker from outside. A {@code Check} is one
 * duty; its probe speaks raw bytes through a {@code Peer}.
 */
@NullMarked
package io.fanfare.cli.check;

import org.jspecify.annotations.NullMarked;

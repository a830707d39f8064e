/** Presence over nodes: each tells which sessions it has at which topics, changes at once and all of them every few seconds. */
@NullMarked
package io.fanfare.nats.internal.presence;

import org.jspecify.annotations.NullMarked;

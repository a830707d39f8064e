/**
 * The face of a broker, without I/O: its life, its options, what embedders publish and subscribe, what operators look at.
 *
 * <p>A {@link io.fanfare.session.Session} and all that belongs to it is owned by one {@link io.fanfare.loop.EventLoop}
 * and touched by that loop's thread alone. Loops share only destinations, each behind a lock of its own that is held for
 * a few instructions and never together with another destination's.
 */
@NullMarked
package io.fanfare.broker;

import org.jspecify.annotations.NullMarked;

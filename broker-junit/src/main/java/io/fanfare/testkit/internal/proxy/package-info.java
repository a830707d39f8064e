/**
 * A proxy in front of the broker's ports, through which the clients of a test come: it sees the frames of each connection, and
 * does to them what a fault says. Octets pass unchanged, and as they come, while no fault is about frames.
 */
@NullMarked
package io.fanfare.testkit.internal.proxy;

import org.jspecify.annotations.NullMarked;

/**
 * What clients notice while parts of a cluster are killed: {@code examples/cluster/run --demo}. The cluster itself is what that script
 * starts; this package has only clients.
 */
@NullMarked
package io.fanfare.examples.cluster;

import org.jspecify.annotations.NullMarked;

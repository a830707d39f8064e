/** The nodes of a cluster: each tells of itself, and notices that another is gone, differs, or has its name. */
@NullMarked
package io.fanfare.nats.internal.members;

import org.jspecify.annotations.NullMarked;

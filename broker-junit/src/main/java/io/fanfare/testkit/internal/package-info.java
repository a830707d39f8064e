/** What the test kit is made of; not for users. */
@NullMarked
package io.fanfare.testkit.internal;

import org.jspecify.annotations.NullMarked;

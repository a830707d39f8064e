/** The system's Chromium for tests. */
@NullMarked
package io.fanfare.testing.browser;

import org.jspecify.annotations.NullMarked;

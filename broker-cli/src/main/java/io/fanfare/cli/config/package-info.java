/** Configuration from defaults, a YAML file and the environment; {@code fanfare config}. */
@NullMarked
package io.fanfare.cli.config;

import org.jspecify.annotations.NullMarked;

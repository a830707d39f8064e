/** Configuration: defaults, a YAML file, the environment; {@code fanfare config}. */
@NullMarked
package io.fanfare.cli.config;

import org.jspecify.annotations.NullMarked;

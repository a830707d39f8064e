/**
 * What the examples have in common: {@link io.fanfare.examples.web.Launcher} runs one until a signal ends it, {@link
 * io.fanfare.examples.web.Arguments} reads its command line, and {@link io.fanfare.examples.web.PageServer} serves its page,
 * with the shared scripts and styles of the resource folder {@code web}.
 */
@NullMarked
package io.fanfare.examples.web;

import org.jspecify.annotations.NullMarked;

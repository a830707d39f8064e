/**
 * Log-in for examples: a page logs in with a name and a password, and gets short-lived tokens (JWT) for its connection to the
 * broker. {@link io.fanfare.examples.login.Login} is the back end's side, {@code web/login.js} and {@code web/session.js} are
 * the page's; {@link io.fanfare.examples.login.TokenIssuer} issues the tokens.
 */
@NullMarked
package io.fanfare.examples.login;

import org.jspecify.annotations.NullMarked;

/**
 * Ready-made authenticators: who clients are, by a file of users, by tokens, by certificates. Nothing here runs on an event
 * loop for longer than a look into a table.
 */
@NullMarked
package io.fanfare.auth;

import org.jspecify.annotations.NullMarked;

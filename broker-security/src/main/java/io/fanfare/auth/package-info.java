/**
 * Ready-made authenticators: a file of users, tokens (JWT), TLS client certificates. On an event loop they do no more than
 * look into a table; files, hashes, signatures and HTTP have threads of their own.
 */
@NullMarked
package io.fanfare.auth;

import org.jspecify.annotations.NullMarked;

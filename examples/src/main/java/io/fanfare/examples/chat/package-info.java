/**
 * A chat: rooms with a history and the people who are there, typing marks, and a moderator who can remove a user for a while.
 *
 * <p>{@link io.fanfare.examples.chat.Chat} starts an embedded broker, a {@code ModerationDesk}, and the page. What is said goes from
 * page to broker to page; the desk alone acts on the back end's side, on what moderators send to a queue.
 */
@NullMarked
package io.fanfare.examples.chat;

import org.jspecify.annotations.NullMarked;

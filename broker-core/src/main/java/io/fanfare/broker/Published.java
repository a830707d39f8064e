package io.fanfare.broker;

import org.jspecify.annotations.Nullable;

/**
 * A message that was published, and its effect as the RECEIPT of a SEND tells it; all 0 for a message that waits for its
 * delay.
 *
 * @param messageId as MESSAGE says it; null: it has none, because no subscriber or queue got it, it waits for its delay, or
 *     several destinations gave it one each
 * @param matched subscriptions of its topics, and queues, that it was for
 * @param delivered subscriptions it was handed to, before their selectors are asked
 * @param queued queues that keep it until a consumer has credit
 * @param dropped topics without subscribers, and temporary queues that have gone with their connection
 * @param duplicate whether it was a repeat, by its {@code dedup-id}, and went nowhere
 */
public record Published(
        @Nullable String messageId, int matched, int delivered, int queued, int dropped, boolean duplicate) {}

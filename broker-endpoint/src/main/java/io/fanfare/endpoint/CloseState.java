package io.fanfare.endpoint;

/**
 * State of the closing of a connection. A connection goes through these states in their order, and may skip some.
 *
 * <pre>{@code
 *        session closes             all sent
 * OPEN ──┬───────────────► CLOSING ───────────────────┐
 *        │                    │ container closes,     ▼           all received is handled
 *        │                    └─ abort, too long ─► CONTAINER_CLOSED ───────────────────► CLOSED
 *        │ container closes, or abort                 ▲
 *        └────────────────────────────────────────────┘
 * }</pre>
 */
enum CloseState {

    /** Messages are received and sent. */
    OPEN,

    /** The container is told to close, once it has sent all messages that are before the Close. */
    CLOSING,

    /** The container has closed, or been told to; the session is not over. */
    CONTAINER_CLOSED,

    /** The session is over too. */
    CLOSED
}

package io.fanfare.server.internal.net;

/**
 * State of the closing of a connection. A connection goes through these states in their order, and may skip some.
 *
 * <pre>{@code
 *          session closes               peer's Close
 * OPEN ──┬───────────────► CLOSE_SENT ──────────────┐
 *        │ peer's Close                our Close    ▼        flushed
 *        ├───────────────► CLOSE_RECEIVED ─────► BOTH_CLOSED ────────────────────┐
 *        │ violation, or no                                                      │
 *        │ Close in the protocol     flushed                      peer ends      ▼
 *        ├───────────────► FLUSHING ─────────► OUTPUT_SHUT ─────────────────► CLOSED
 *        │ peer ends while bytes wait                        flushed             ▲
 *        └───────────────► INPUT_ENDED ──────────────────────────────────────────┤
 *                                                                                │
 * any state ── abort, I/O error, bug, or too long after OPEN ────────────────────┘
 * }</pre>
 *
 * <p>A violation in CLOSE_SENT leads to FLUSHING as well; in each state after OPEN the peer's Close leads to BOTH_CLOSED and
 * the end of its bytes to INPUT_ENDED, or to CLOSED when no bytes wait for it.
 */
public enum CloseState {

    /** Frames are read and written. */
    OPEN,

    /** WebSocket: the peer's Close frame has begun; the answer to it ends the exchange. */
    CLOSE_RECEIVED,

    /** WebSocket: our Close frame is in the outbox, the peer's is awaited (RFC 6455 7.1.1). */
    CLOSE_SENT,

    /** The last bytes are in the outbox; behind them the sending side is shut down. A close would reset the connection. */
    FLUSHING,

    /** The sending side has been shut down; the peer reads the last bytes and closes. */
    OUTPUT_SHUT,

    /** WebSocket: both Close frames are there; the socket is closed when ours has been written. */
    BOTH_CLOSED,

    /** The peer has shut its sending side down; the socket is closed when the bytes that wait for it have been written. */
    INPUT_ENDED,

    /** The socket is closed, and so is the session. */
    CLOSED
}

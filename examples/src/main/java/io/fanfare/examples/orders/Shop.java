package io.fanfare.examples.orders;

/** Shop that tells whether orders come in. */
enum Shop {
    OPEN,
    /** Until it is opened again. */
    CLOSED,
    /** All orders that were asked for are placed. */
    SOLD_OUT
}

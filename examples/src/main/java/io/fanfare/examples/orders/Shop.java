package io.fanfare.examples.orders;

/** Whether orders come in. */
enum Shop {
    OPEN,
    /** Until it is opened again. */
    CLOSED,
    /** All orders that were asked for are placed. */
    SOLD_OUT
}

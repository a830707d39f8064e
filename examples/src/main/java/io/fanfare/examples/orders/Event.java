package io.fanfare.examples.orders;

/**
 * A step of an order's way.
 *
 * @param time milliseconds since 1970
 * @param what {@code taken}, {@code done} or {@code failed}
 * @param delivery which delivery of the order this is, from 1
 * @param note what it was, or why it failed
 */
record Event(long time, String order, String what, String worker, int delivery, String note) {}

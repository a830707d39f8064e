package io.fanfare.examples.orders;

/** Order of a customer. */
record Order(int id, String item) {}

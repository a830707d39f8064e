package io.fanfare.examples.orders;

/** What a customer wants. */
record Order(int id, String item) {}

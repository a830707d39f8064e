package io.fanfare.selector;

/** A piece of selector text from {@code start} to {@code end}; its value has quotes taken off. */
record Token(TokenType type, String value, int start, int end) {}

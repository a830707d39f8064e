package io.fanfare.selector;

/** Type of a value, as far as it is known before any message is seen. */
enum Kind {
    /** Text that takes the type of the other side. */
    HEADER("a header"),
    TEXT("a text"),
    NUMBER("a number"),
    BOOLEAN("TRUE or FALSE");

    /** How errors call it. */
    final String description;

    Kind(String description) {
        this.description = description;
    }

    /** Whether a number can come of it. */
    boolean canBeNumber() {
        return this == HEADER || this == NUMBER;
    }
}

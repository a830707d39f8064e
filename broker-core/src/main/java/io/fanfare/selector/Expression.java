package io.fanfare.selector;

/** A node of the tree: the grammar's rules answer this until it is known whether a condition or a value is meant. */
sealed interface Expression permits Condition, Value {}

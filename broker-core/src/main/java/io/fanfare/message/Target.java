package io.fanfare.message;

import org.jspecify.annotations.Nullable;

/**
 * A destination that a SEND or SUBSCRIBE names.
 *
 * @param shown what {@code destination} of a MESSAGE says; null: what the SEND said
 */
public record Target(Destination destination, @Nullable String shown) {}

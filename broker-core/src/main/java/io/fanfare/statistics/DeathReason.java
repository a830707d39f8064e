package io.fanfare.statistics;

/** Reason for which a message is a dead letter, as {@code x-death-reason} says it. */
public enum DeathReason implements Labelled {
    REJECTED,
    MAX_DELIVERIES
}

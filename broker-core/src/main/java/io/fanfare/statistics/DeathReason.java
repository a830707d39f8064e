package io.fanfare.statistics;

/** Why a message is a dead letter, as {@code x-death-reason} says it. */
public enum DeathReason implements Labelled {
    REJECTED,
    MAX_DELIVERIES
}

package io.fanfare.cli.bench;

/** A connection that receives one destination's messages. Owned by the generator's thread. */
interface Receiver {

    /** The messages that have come. */
    long received();

    /** Whether none comes any more. */
    boolean isEnded();
}

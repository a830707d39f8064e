package io.fanfare.cli.config;

/** One thing that is wrong with a configuration, and where. */
record Problem(Place place, String sentence) {

    @Override
    public String toString() {
        return place + ": " + sentence;
    }
}

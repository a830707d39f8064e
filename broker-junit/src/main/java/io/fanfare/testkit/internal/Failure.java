package io.fanfare.testkit.internal;

/** Makes the errors of expectations, with what helps to understand them. */
@FunctionalInterface
public interface Failure {

    /**
     * An error for JUnit and others.
     *
     * @param what was expected, in a sentence without a period
     * @param destination that it is about
     */
    AssertionError of(String what, String destination);
}

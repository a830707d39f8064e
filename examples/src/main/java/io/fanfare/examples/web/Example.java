package io.fanfare.examples.web;

import java.net.URI;

/** A running example: a broker and a page. */
public interface Example extends AutoCloseable {

    /** Where clients connect to. */
    URI broker();

    /** Where a browser finds the page. */
    URI uri();

    /** Stops all that it started; returns when the ports are free. */
    @Override
    void close();
}

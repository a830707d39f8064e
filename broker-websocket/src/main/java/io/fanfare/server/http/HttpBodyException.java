package io.fanfare.server.http;

/** The body of a request is not read. */
public final class HttpBodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /**
     * A body that is refused.
     *
     * @param status of the answer: 400, 413 or 503
     * @param text a sentence for the client
     */
    public HttpBodyException(int status, String text) {
        // bad input is not our failure: no stack trace is worth its cost
        super(text, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}

package io.fanfare.nats.internal.kept;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stream that all nodes read from its beginning. */
interface ReadStream {

    String name();

    /** All subjects of the stream. */
    String subjects();

    /** How many servers have it. */
    int replicas();

    /**
     * Makes the stream, or has the one that is there follow the options.
     *
     * @throws IOException when NATS does not answer, or can't do it just now
     * @throws IllegalStateException when it can't be used; the message says why
     */
    StreamInfo open(JetStreamManagement streams) throws IOException;

    /** The stream of this name as it is; null: there is none. */
    static @Nullable StreamInfo find(JetStreamManagement streams, String name)
            throws IOException, JetStreamApiException {
        try {
            return streams.getStreamInfo(name);
        } catch (JetStreamApiException e) {
            if (isNotFound(e)) {
                return null;
            }
            throw e;
        }
    }

    /** Whether what was asked for is not there. */
    static boolean isNotFound(JetStreamApiException why) {
        return why.getErrorCode() == 404;
    }
}

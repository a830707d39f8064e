package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;

/** Shows one thing with all that the broker tells of it. */
abstract class ShowCommand extends ApiCommand {

    /** The path of the thing. */
    abstract String path();

    @Override
    final void run(ApiClient client) {
        JsonNode found = client.get(path());
        print(found, () -> Resource.lines(found, colours(), InstantSource.system()));
    }
}

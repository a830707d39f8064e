package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import picocli.CommandLine.Mixin;

/** Lists one kind of things. */
abstract class ListCommand extends ApiCommand {

    private final Resource resource;

    @Mixin
    private ListOptions options = new ListOptions();

    ListCommand(Resource resource) {
        this.resource = resource;
    }

    @Override
    final void run(ApiClient client) {
        JsonNode page = client.get(resource.path(), options.query());
        print(page, () -> resource.table(page, colours(), InstantSource.system()));
    }
}

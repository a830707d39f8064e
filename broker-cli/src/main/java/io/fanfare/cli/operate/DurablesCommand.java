package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Harmless;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fanfare durables}: durable subscriptions, whose clients may be away. */
@Command(
        name = "durables",
        description = "Lists the durable subscriptions of a broker, shows one, or deletes one.",
        subcommands = {DurablesCommand.ListAll.class, DurablesCommand.Show.class, DurablesCommand.Delete.class},
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class DurablesCommand {

    @Command(name = "list", description = "Lists the durable subscriptions, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.DURABLES);
        }
    }

    @Command(name = "show", description = "Shows one durable subscription.")
    static final class Show extends ShowCommand {

        @Parameters(paramLabel = "ID", description = "Id of the durable subscription, as the list has it.")
        private String id = "";

        @Override
        String path() {
            return Resource.DURABLES.path(id);
        }
    }

    @Command(
            name = "delete",
            description = "Ends a durable subscription whose client is away; what waits for it is lost.")
    static final class Delete extends ApiCommand {

        @Parameters(paramLabel = "ID", description = "Id of the durable subscription, as the list has it.")
        private String id = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        void run(ApiClient client) {
            String path = Resource.DURABLES.path(id);
            if (confirmation.asks()) {
                JsonNode found = client.get(path);
                confirmation.ask(
                        "This ends the durable subscription "
                                + Harmless.line(found.path("name").asText()) + " of "
                                + Harmless.line(found.path("client_id").asText()) + ", for which "
                                + found.path("depth").asLong() + " messages wait",
                        err());
            }
            JsonNode answer = client.delete(path, Map.of());
            print(answer, () -> "deleted " + id + System.lineSeparator());
        }
    }
}

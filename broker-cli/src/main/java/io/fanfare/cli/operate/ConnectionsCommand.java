package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Harmless;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fanfare connections}: the clients of a broker. */
@Command(
        name = "connections",
        description = "Lists the clients of a broker, shows one, or closes one.",
        subcommands = {ConnectionsCommand.ListAll.class, ConnectionsCommand.Show.class, ConnectionsCommand.Close.class},
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class ConnectionsCommand {

    @Command(name = "list", description = "Lists the clients, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.CONNECTIONS);
        }
    }

    @Command(name = "show", description = "Shows one client.")
    static final class Show extends ShowCommand {

        @Parameters(paramLabel = "ID", description = "Id of the connection, as the list has it.")
        private String id = "";

        @Override
        String path() {
            return Resource.CONNECTIONS.path(id);
        }
    }

    @Command(name = "close", description = "Closes the connection of a client, with code 4403.")
    static final class Close extends ApiCommand {

        @Parameters(paramLabel = "ID", description = "Id of the connection, as the list has it.")
        private String id = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "What the client is told, at most 100 bytes.")
        private @Nullable String reason;

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        void run(ApiClient client) {
            String path = Resource.CONNECTIONS.path(id);
            if (confirmation.asks()) {
                JsonNode found = client.get(path);
                String user = found.path("user").asText();
                confirmation.ask(
                        "This closes the connection " + id + " of "
                                + (user.isEmpty() ? "an anonymous client" : Harmless.line(user)) + " at "
                                + found.path("address").asText(),
                        err());
            }
            JsonNode answer = client.delete(path, reason == null ? Map.of() : Map.of("reason", reason));
            print(answer, () -> "closed " + id + System.lineSeparator());
        }
    }
}

package io.fanfare.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fanfare subscriptions}: the subscriptions of connected clients. */
@Command(
        name = "subscriptions",
        description = "Lists the subscriptions of a broker's clients, or shows one.",
        subcommands = {SubscriptionsCommand.ListAll.class, SubscriptionsCommand.Show.class},
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class SubscriptionsCommand {

    @Command(name = "list", description = "Lists the subscriptions, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.SUBSCRIPTIONS);
        }
    }

    @Command(name = "show", description = "Shows one subscription.")
    static final class Show extends ShowCommand {

        @Parameters(index = "0", paramLabel = "CONNECTION", description = "Id of the connection, as the list has it.")
        private String connection = "";

        @Parameters(index = "1", paramLabel = "ID", description = "Id of the subscription, as the list has it.")
        private String id = "";

        @Override
        String path() {
            return Resource.SUBSCRIPTIONS.path(connection, id);
        }
    }
}

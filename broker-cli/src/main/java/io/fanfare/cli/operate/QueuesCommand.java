package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Quantity;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fanfare queues}: the queues of a broker, and what is in them. */
@Command(
        name = "queues",
        description = "Lists the queues of a broker, shows one or its messages; purges, moves, deletes.",
        subcommands = {
            QueuesCommand.ListAll.class,
            QueuesCommand.Show.class,
            QueuesCommand.Peek.class,
            QueuesCommand.Purge.class,
            QueuesCommand.Move.class,
            QueuesCommand.Delete.class
        },
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class QueuesCommand {

    private static final String QUEUE = "The queue, such as orders or /queue/orders.";

    @Command(name = "list", description = "Lists the queues, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.QUEUES);
        }
    }

    @Command(name = "show", description = "Shows one queue.")
    static final class Show extends ShowCommand {

        @Parameters(paramLabel = "QUEUE", description = QUEUE)
        private String queue = "";

        @Override
        String path() {
            return Resource.QUEUES.path(queue);
        }
    }

    @Command(name = "peek", description = "Shows messages of a queue, oldest first, without taking them.")
    static final class Peek extends PeekedMessages.Peek {

        @Parameters(paramLabel = "QUEUE", description = QUEUE)
        private String queue = "";

        Peek() {
            super("messages", "no message waits here");
        }

        @Override
        String path() {
            return Resource.QUEUES.path(queue);
        }
    }

    /** A command that changes a queue, after a question. */
    abstract static class Change extends ApiCommand {

        @Parameters(index = "0", paramLabel = "QUEUE", description = QUEUE)
        private String queue = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        final void run(ApiClient client) {
            String path = Resource.QUEUES.path(queue);
            if (confirmation.asks()) {
                JsonNode found = client.get(path);
                confirmation.ask(effect(messages(found)), err());
            }
            JsonNode answer = change(client, path);
            print(answer, () -> done(answer, queue) + System.lineSeparator());
        }

        /** The messages that no consumer has. */
        String messages(JsonNode found) {
            return Quantity.count(found.path("depth").asLong()) + " messages of "
                    + found.path("destination").asText();
        }

        abstract String effect(String messages);

        abstract JsonNode change(ApiClient client, String path);

        abstract String done(JsonNode answer, String queue);
    }

    @Command(
            name = "purge",
            description =
                    "Throws away the messages of a queue that no consumer has; of one that several nodes share, all.")
    static final class Purge extends Change {

        @Override
        String messages(JsonNode found) {
            long out = found.path("shared").asBoolean()
                    ? found.path("unacknowledged").asLong()
                    : 0;
            return super.messages(found)
                    + (out == 0 ? "" : ", and " + Quantity.count(out) + " that consumers have or have had");
        }

        @Override
        String effect(String messages) {
            return "This throws away " + messages;
        }

        @Override
        JsonNode change(ApiClient client, String path) {
            return client.delete(path + "/messages", Map.of());
        }

        @Override
        String done(JsonNode answer, String queue) {
            return "purged " + answer.path("purged").asLong() + " messages of " + queue;
        }
    }

    @Command(
            name = "move",
            description = "Moves the messages of a queue that no consumer has to the end of another one.")
    static final class Move extends Change {

        @Parameters(index = "1", paramLabel = "TO", description = "The other queue, such as later or /queue/later.")
        private String to = "";

        @Override
        String effect(String messages) {
            return "This moves " + messages + " to " + destination();
        }

        @Override
        JsonNode change(ApiClient client, String path) {
            return client.post(path + "/move", Map.of("to", destination()));
        }

        private String destination() {
            return to.startsWith("/") ? to : "/queue/" + to;
        }

        @Override
        String done(JsonNode answer, String queue) {
            return "moved " + answer.path("moved").asLong() + " messages of " + queue + " to " + destination();
        }
    }

    @Command(name = "delete", description = "Deletes a queue that has no consumers, with its messages.")
    static final class Delete extends Change {

        @Override
        String effect(String messages) {
            return "This deletes the queue and throws away " + messages;
        }

        @Override
        JsonNode change(ApiClient client, String path) {
            return client.delete(path, Map.of());
        }

        @Override
        String done(JsonNode answer, String queue) {
            return "deleted " + queue;
        }
    }
}

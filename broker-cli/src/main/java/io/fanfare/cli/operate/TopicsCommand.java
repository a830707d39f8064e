package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Quantity;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fanfare topics}: the topics of a broker, and what they keep. */
@Command(
        name = "topics",
        description = "Lists the topics of a broker, shows one or its last values; clears what it keeps.",
        subcommands = {
            TopicsCommand.ListAll.class,
            TopicsCommand.Show.class,
            TopicsCommand.Values.class,
            TopicsCommand.Clear.class
        },
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class TopicsCommand {

    private static final String TOPIC = "The topic, such as prices or /topic/prices.";

    @Command(name = "list", description = "Lists the topics, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.TOPICS);
        }
    }

    @Command(name = "show", description = "Shows one topic.")
    static final class Show extends ShowCommand {

        @Parameters(paramLabel = "TOPIC", description = TOPIC)
        private String topic = "";

        @Override
        String path() {
            return Resource.TOPICS.path(topic);
        }
    }

    @Command(name = "values", description = "Shows the last values that a topic keeps, the oldest first.")
    static final class Values extends PeekedMessages.Peek {

        @Parameters(paramLabel = "TOPIC", description = TOPIC)
        private String topic = "";

        Values() {
            super("values", "the topic keeps no last value here");
        }

        @Override
        String path() {
            return Resource.TOPICS.path(topic);
        }
    }

    @Command(name = "clear", description = "Throws away the last values and the history of a topic.")
    static final class Clear extends ApiCommand {

        @Parameters(paramLabel = "TOPIC", description = TOPIC)
        private String topic = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        void run(ApiClient client) {
            String path = Resource.TOPICS.path(topic);
            if (confirmation.asks()) {
                JsonNode found = client.get(path);
                String values = Quantity.count(found.path("retained").asLong()) + " last values and "
                        + Quantity.count(found.path("history").asLong()) + " messages of the history of "
                        + found.path("destination").asText();
                confirmation.ask("This throws away " + values, err());
            }
            JsonNode answer = client.delete(path + "/kept", Map.of());
            print(
                    answer,
                    () -> "cleared " + answer.path("cleared").asLong() + " messages of " + topic
                            + System.lineSeparator());
        }
    }
}

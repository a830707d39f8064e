package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Quantity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
    static final class Values extends ApiCommand {

        @Parameters(paramLabel = "TOPIC", description = TOPIC)
        private String topic = "";

        @Option(
                names = {"-n", "--limit"},
                paramLabel = "COUNT",
                defaultValue = "10",
                description = "The most that are shown, up to 100 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(
                names = "--after",
                paramLabel = "POSITION",
                description = "Position of the value behind which to begin, as the one before showed it.")
        private @Nullable String after;

        @Override
        void run(ApiClient client) {
            Map<String, String> query = new LinkedHashMap<>(Map.of("limit", Integer.toString(limit)));
            if (after != null) {
                query.put("after", after);
            }
            JsonNode answer = client.get(Resource.TOPICS.path(topic) + "/values", query);
            print(
                    answer,
                    () -> PeekedMessages.text(answer.path("values"), "the topic keeps no last value here", colours()));
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

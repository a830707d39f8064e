package io.fanfare.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fanfare topics}: the topics of a broker. */
@Command(
        name = "topics",
        description = "Lists the topics of a broker, or shows one.",
        subcommands = {TopicsCommand.ListAll.class, TopicsCommand.Show.class},
        preprocessor = ListByDefault.class,
        mixinStandardHelpOptions = true)
public final class TopicsCommand {

    @Command(name = "list", description = "Lists the topics, as without a command.")
    static final class ListAll extends ListCommand {
        ListAll() {
            super(Resource.TOPICS);
        }
    }

    @Command(name = "show", description = "Shows one topic.")
    static final class Show extends ShowCommand {

        @Parameters(paramLabel = "TOPIC", description = "The topic, such as prices or /topic/prices.")
        private String topic = "";

        @Override
        String path() {
            return Resource.TOPICS.path(topic);
        }
    }
}

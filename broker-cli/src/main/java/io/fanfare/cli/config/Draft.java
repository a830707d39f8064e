package io.fanfare.cli.config;

import io.fanfare.admin.JsonMergePatch;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.cli.config.Configuration.LogFormat;
import io.fanfare.nats.NatsOptions;
import io.fanfare.options.MergePatch;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.server.ServerOptions;
import java.time.Duration;

/** The options of a server while they are being set one by one. */
record Draft(
        FanfareServerBuilder server,
        BrokerOptions.Builder broker,
        NatsOptions.Builder cluster,
        Auth auth,
        Logging logging) {

    private static final MergePatch MERGE_PATCH = new JsonMergePatch();

    /** How the process logs. Not thread-safe. */
    static final class Logging {

        private LogFormat format = LogFormat.TEXT;

        LogFormat format() {
            return format;
        }

        void format(LogFormat value) {
            format = value;
        }
    }

    /** The defaults of {@code fanfare serve}. */
    static Draft ofDefaults() {
        FanfareServerBuilder server = FanfareServer.builder()
                .tcpPort(ServerOptions.DEFAULT_TCP_PORT)
                .admin(admin -> admin.port(ServerOptions.DEFAULT_ADMIN_PORT))
                .timeouts(timeouts -> timeouts.drainTimeout(Duration.ofSeconds(10)));
        BrokerOptions.Builder broker = BrokerOptions.builder().topics(topics -> topics.mergePatch(MERGE_PATCH));
        return new Draft(server, broker, NatsOptions.builder(), new Auth(), new Logging());
    }

    /** The server with all options that have been set. */
    FanfareServerBuilder finished() {
        return server.broker(broker.build());
    }

    ServerOptions options() {
        return finished().options();
    }
}

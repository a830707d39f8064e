package io.fanfare.cli.config;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.ServerOptions;

/** The options of a server while settings are put into them one by one. */
record Draft(FanfareServer.Builder server, BrokerOptions.Builder broker) {

    /** What {@code fanfare serve} is without any configuration. */
    static Draft ofDefaults() {
        return new Draft(FanfareServer.builder().tcpPort(ServerOptions.DEFAULT_TCP_PORT), BrokerOptions.builder());
    }

    /** A server with all that has been put in. */
    FanfareServer.Builder finished() {
        return server.broker(broker.build());
    }

    ServerOptions options() {
        return finished().options();
    }
}

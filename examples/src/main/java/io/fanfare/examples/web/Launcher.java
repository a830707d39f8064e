package io.fanfare.examples.web;

import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The main program of an example. */
public final class Launcher {

    private Launcher() {}

    /**
     * Starts an example, prints its addresses, and runs until a signal ends the process. {@code --help} prints the usage and
     * returns. The process ends with 2 where the command line is wrong, with 1 where a port is not available.
     *
     * @param name of the example, for messages and threads
     * @param start gets the command line; throws an {@link IllegalArgumentException} with a sentence for the user
     */
    public static void run(String name, String usage, String[] arguments, Function<String[], Example> start)
            throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(usage);
            return;
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        try {
            Example example = start.apply(arguments);
            Runtime.getRuntime().addShutdownHook(new Thread(example::close, name + "-close"));
            System.out.println("Broker  " + example.broker());
            System.out.println("Page    " + example.uri() + "   (end with Ctrl-C)");
        } catch (IllegalArgumentException e) {
            System.err.println(name + ": " + e.getMessage());
            System.err.print(usage);
            System.exit(2);
        } catch (UncheckedIOException e) {
            System.err.println(name + ": " + e.getMessage());
            System.exit(1);
        }
        new CountDownLatch(1).await();
    }
}

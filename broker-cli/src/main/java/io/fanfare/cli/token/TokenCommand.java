package io.fanfare.cli.token;

import picocli.CommandLine.Command;

/** {@code fanfare token}: makes and checks tokens (JWT). */
@Command(
        name = "token",
        description = "Makes tokens (JWT) for tests and first steps, and checks them.",
        subcommands = {TokenMake.class, TokenCheck.class},
        mixinStandardHelpOptions = true)
public final class TokenCommand {}

package io.fanfare.cli.output;

import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** Colours of a text on a terminal (ECMA-48 SGR), or none. */
public enum Colours {
    ON,
    OFF;

    /** Colours of standard output, as this command line has them. */
    public static Colours of(CommandSpec spec) {
        return spec.commandLine().getColorScheme().ansi() == Ansi.ON ? ON : OFF;
    }

    public static Colours of(Terminal stream) {
        return stream.hasColours() ? ON : OFF;
    }

    public String red(String text) {
        return with(31, text);
    }

    public String green(String text) {
        return with(32, text);
    }

    public String yellow(String text) {
        return with(33, text);
    }

    public String bold(String text) {
        return with(1, text);
    }

    public String faint(String text) {
        return with(2, text);
    }

    private String with(int code, String text) {
        return this == ON ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}

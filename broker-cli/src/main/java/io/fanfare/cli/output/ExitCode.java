package io.fanfare.cli.output;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of all commands; the ordinal is the code. */
public enum ExitCode {
    OK("the command did what it was asked to do"),
    FAILED("it failed; a sentence on standard error says why"),
    USAGE("the command line is wrong: an option, an argument or a value"),
    UNREACHABLE("no broker answers at the address, or TLS with it fails"),
    REFUSED("the broker refuses: credentials, permission, or Origin"),
    TIMED_OUT("what was waited for did not come in time");

    private final String meaning;

    ExitCode(String meaning) {
        this.meaning = meaning;
    }

    public int code() {
        return ordinal();
    }

    /** All codes with their meanings, as the help lists them. */
    public static Map<String, String> meanings() {
        Map<String, String> all = new LinkedHashMap<>();
        for (ExitCode each : values()) {
            all.put(Integer.toString(each.code()), each.meaning);
        }
        return all;
    }
}

package io.fanfare.cli.options;

import picocli.CommandLine.Option;

/** The option of commands that report something: for people, or for programs. */
public final class OutputOptions {

    /** The form of a report. */
    public enum Form {
        TABLE,
        JSON;

        @Override
        public String toString() {
            return this == TABLE ? "table" : "json";
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            defaultValue = "table",
            description = "Form of the report: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Form form = Form.TABLE;

    public boolean isJson() {
        return form == Form.JSON;
    }
}

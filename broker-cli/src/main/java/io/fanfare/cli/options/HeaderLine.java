package io.fanfare.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A header as an option gives it: {@code NAME:VALUE} or {@code NAME=VALUE}; the first separator counts. */
public record HeaderLine(String name, String value) {

    /** Parses the option. */
    public static final class Converter implements ITypeConverter<HeaderLine> {

        @Override
        public HeaderLine convert(String text) {
            int at = 0;
            while (at < text.length() && text.charAt(at) != ':' && text.charAt(at) != '=') {
                at++;
            }
            if (at == 0 || at == text.length()) {
                throw new TypeConversionException("'" + text + "' is no header such as priority:4");
            }
            return new HeaderLine(text.substring(0, at), text.substring(at + 1));
        }
    }
}

package io.fanfare.cli.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses sizes: {@code 128}, {@code 1KiB}, {@code 1MiB}. */
public final class BytesConverter implements ITypeConverter<Long> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(B|KiB|MiB)?", Pattern.CASE_INSENSITIVE);

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + text + "' is no size such as 128, 1KiB or 1MiB");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null || unit.equalsIgnoreCase("B")) {
            return number;
        }
        return unit.equalsIgnoreCase("KiB") ? number << 10 : number << 20;
    }
}

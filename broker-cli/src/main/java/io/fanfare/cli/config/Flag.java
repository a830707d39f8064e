package io.fanfare.cli.config;

import org.jspecify.annotations.Nullable;

/** Yes or no. */
record Flag() implements Word<Boolean> {

    @Override
    public String form() {
        return "true or false";
    }

    @Override
    public @Nullable Boolean parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        };
    }

    @Override
    public String write(Boolean value) {
        return value.toString();
    }
}

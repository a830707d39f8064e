package io.fanfare.frame;

import java.util.Random;

/**
 * Frames that a version can express in full. Left out are a NUL in a header (no version), CR (before 1.2), LF, a colon
 * in a name, and blanks round a value (1.0).
 */
final class RandomFrames {

    private static final Command[] COMMANDS = {
        Command.SEND, Command.MESSAGE, Command.ERROR, Command.SUBSCRIBE, Command.ACK, Command.RECEIPT
    };
    private static final String[] PIECES = {
        "a",
        "destination",
        "/topic/a.b",
        "é",
        "値",
        "名前",
        "😀",
        "\u0301",
        "\u007f",
        "\u0080",
        "\u07ff",
        "\u0800",
        "\uffff",
        "\\",
        "\\n",
        "\\c",
        " ",
        "\t",
        "%",
        "=",
        ":",
        "::",
        "\n",
        "\r",
        "\r\n"
    };

    private final Random random;
    private final StompVersion version;

    RandomFrames(long seed, StompVersion version) {
        this.random = new Random(seed);
        this.version = version;
    }

    Frame next() {
        Command command = COMMANDS[random.nextInt(COMMANDS.length)];
        byte[] body = new byte[command.mayHaveBody() ? random.nextInt(300) : 0];
        random.nextBytes(body);
        if (body.length > 2) {
            body[random.nextInt(body.length)] = 0;
        }
        Headers.Builder headers = Headers.builder();
        for (int i = random.nextInt(20); i > 0; i--) {
            headers.add(name(), value());
        }
        if (body.length > 0) {
            headers.add("content-length", body.length);
        }
        return new Frame(command, headers.build(), body);
    }

    private String name() {
        String name = text();
        if (version == StompVersion.V1_0) {
            name = name.replace(":", "");
        }
        return name.isEmpty() || name.equals("content-length") ? "x" : name;
    }

    private String value() {
        String value = text();
        return version == StompVersion.V1_0 ? value.strip() : value;
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        String inAll = text.toString();
        return switch (version) {
            case V1_0 -> inAll.replace("\n", "").replace("\r", "");
            case V1_1 -> inAll.replace("\r", "");
            case V1_2 -> inAll;
        };
    }
}

package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code fanfare user hash} from the jar, with the passcode from a pipe and from a terminal. */
class UserIT {

    @Test
    void rolesOfTheLineAreThoseThatTheBrokerGoesBy(@TempDir Path folder) throws IOException {
        List<String> lines;
        try (Fanfare hash = Fanfare.run("user", "hash", "alice", "--role", "admin,trader")) {
            hash.types("correct horse\nnot part of it\n").endsInput().succeeds();
            assertThat(hash.err()).containsExactly("Reading the passcode of alice from standard input.");
            lines = List.copyOf(hash.out());
        }
        assertThat(lines).singleElement().asString().matches("alice:\\$argon2id\\$\\S+:admin,trader");
        Path users = Files.write(folder.resolve("users"), lines);
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(folder.resolve("fanfare.yaml"), """
                auth: {users_file: users}
                permissions:
                  - {allow: publish, to: /topic/trades, roles: [trader]}
                """);
        try (Fanfare serve = Fanfare.serve("-c", config.toString())) {
            String[] trade = {"pub", serve.url(), "/topic/trades", "x", "--login=alice", "--passcode=correct horse"};
            try (InProcess pub = InProcess.run(trade)) {
                pub.succeeds();
            }
        }
    }

    @Test
    void emptyPasscodeIsASentenceAndNoLine() {
        try (Fanfare hash = Fanfare.run("user", "hash", "alice")) {
            hash.endsInput();
            assertThat(hash.exitCode()).isEqualTo(2);
            assertThat(hash.err())
                    .containsExactly(
                            "Reading the passcode of alice from standard input.",
                            "fanfare: an empty passcode lets nobody in",
                            "Try: fanfare user hash --help");
            assertThat(hash.out()).isEmpty();
        }
    }

    @Test
    void terminalIsAskedTwice() {
        Needs.script();
        try (Fanfare hash = Fanfare.onATerminal(Map.of(), "user", "hash", "alice")) {
            hash.types("correct horse\n").types("correct horse\n").succeeds();
            assertThat(hash.out())
                    .anyMatch(line -> line.contains("Passcode of alice: "))
                    .anyMatch(line -> line.contains("Again: "))
                    .anyMatch(line -> line.startsWith("alice:$argon2id$"));
        }
    }

    @Test
    void twoPasscodesThatDifferMakeNoLine() {
        Needs.script();
        try (Fanfare hash = Fanfare.onATerminal(Map.of(), "user", "hash", "alice")) {
            hash.types("correct horse\n").types("correct house\n");
            assertThat(hash.exitCode()).isEqualTo(2);
            assertThat(hash.out())
                    .anyMatch(line -> line.endsWith(" the two are not the same"))
                    .noneMatch(line -> line.contains("$argon2id$"));
        }
    }
}

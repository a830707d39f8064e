package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.cli.config.ValueTypes.FilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads paths of files from a configuration, and refuses secrets that every user may read. */
class FilePathTest {

    private static final FilePath SECRET = new FilePath(true);
    private static final FilePath OPEN = new FilePath(false);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void createFile() throws IOException {
        file = Files.writeString(folder.resolve("users"), "alice");
    }

    @Test
    @DisplayName("case 87: a secret that everybody may read is refused with its line")
    void secretThatEverybodyMayReadIsRefused() throws IOException {
        permit("rw-r--r--");

        assertThatThrownBy(() -> SECRET.read(written("users")))
                .hasMessage(
                        folder.resolve("fanfare.yaml") + ":3:7: auth.users_file names a file that everybody may read;"
                                + " take that away with chmod o= " + file);
        assertThat(OPEN.read(written("users"))).contains(file);
    }

    @Test
    void secretThatAGroupMayReadIsTaken() throws IOException {
        permit("rw-r-----");

        assertThat(SECRET.read(written("users"))).contains(file);
    }

    @Test
    void absolutePathsAreTakenAsTheyAre() {
        assertThat(OPEN.read(written(file.toString()))).contains(file);
    }

    @Test
    void relativePathInAVariableIsTheProcesss() {
        ConfigNode node = new ConfigNode.Scalar("auth.users_file", Place.whole("FANFARE_AUTH_USERS_FILE"), "pom.xml");

        assertThat(OPEN.read(node)).contains(Path.of("pom.xml"));
    }

    @Test
    void offIsNone() {
        assertThat(SECRET.read(written("off"))).isEmpty();
        assertThat(SECRET.write(Optional.empty())).isEqualTo("off");
    }

    @Test
    void missingFileIsRefused() {
        assertThatThrownBy(() -> OPEN.read(written("nobody")))
                .hasMessageEndingWith(":3:7: auth.users_file names no file: " + folder.resolve("nobody"));
        assertThatThrownBy(() -> OPEN.read(written("\u0000")))
                .hasMessageEndingWith("auth.users_file must be the path of a file, or off, not '\\u0000'");
    }

    private void permit(String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private ConfigNode written(String path) {
        Place place = new Place(folder.resolve("fanfare.yaml").toString(), 3, 7);
        return new ConfigNode.Scalar("auth.users_file", place, path);
    }
}

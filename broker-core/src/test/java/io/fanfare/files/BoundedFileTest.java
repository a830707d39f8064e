package io.fanfare.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.UnreadableFileException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a file, and the reasons not to. */
class BoundedFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "1234", "12345"})
    void filesAreReadUpToTheLimit(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content);

        assertThat(new BoundedFile(file, 5, Secrecy.PUBLIC).read()).isEqualTo(content.getBytes(UTF_8));
    }

    @Test
    void aByteMoreIsTooMuch() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "123456");

        assertRefused(new BoundedFile(file, 5, Secrecy.PUBLIC), Reason.TOO_LARGE, "more than 5 B are too much");
    }

    @Test
    void aMissingFileIsSaidToBe() {
        Path file = folder.resolve("file");
        for (Secrecy secrecy : Secrecy.values()) {
            assertRefused(new BoundedFile(file, 5, secrecy), Reason.MISSING, "there is no such file");
        }
    }

    @Test
    void aFolderIsNoFile() {
        assertThatThrownBy(() -> new BoundedFile(folder, 5, Secrecy.PUBLIC).read())
                .hasMessageStartingWith("can't be read: ");
    }

    /** Root may read everything, so that a file without permissions tells nothing here. */
    @Test
    void aDeniedFileIsSaidToBe() {
        Path file = folder.resolve("file");
        UnreadableFileException refused = UnreadableFileException.of(file, new AccessDeniedException(file.toString()));

        assertThat(refused.reason()).isEqualTo(Reason.DENIED);
        assertThat(refused).hasMessage("can't be read: permission denied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw----r--", "rw-----w-", "rw-r--r--"})
    void aSecretThatEverybodyHasAccessToIsRefused(String permissions) throws IOException {
        Path file = withPermissions(permissions);

        assertRefused(
                new BoundedFile(file, 5, Secrecy.SECRET),
                Reason.EXPOSED,
                "every user of this machine has access to it; chmod o-rwx it");
        assertThat(new BoundedFile(file, 5, Secrecy.PUBLIC).read()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--r-----", "rw-rw---x"})
    void theGroupMayReadASecret(String permissions) throws IOException {
        assertThat(new BoundedFile(withPermissions(permissions), 5, Secrecy.SECRET).read())
                .hasSize(4);
    }

    private Path withPermissions(String permissions) throws IOException {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        Path file = Files.writeString(folder.resolve("file"), "1234");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void assertRefused(BoundedFile file, Reason reason, String sentence) {
        assertThatThrownBy(file::read)
                .isInstanceOfSatisfying(UnreadableFileException.class, refused -> {
                    assertThat(refused.file()).isEqualTo(file.path());
                    assertThat(refused.reason()).isEqualTo(reason);
                })
                .hasMessage(sentence);
    }
}

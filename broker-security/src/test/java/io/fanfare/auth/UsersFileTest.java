package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.login;
import static io.fanfare.auth.Attempt.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in by a file of users. */
class UsersFileTest {

    private static final String ALICE = "alice:" + PasswordHashTest.ARGON2ID + ":admin,trader\n";
    private static final String BOB = "bob:" + PasswordHashTest.BCRYPT + "\n";

    @TempDir
    Path folder;

    private Path file;
    private UsersFile users;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("users");
        write(ALICE + BOB);
        users = UsersFile.open(file);
    }

    @AfterEach
    void close() {
        users.close();
    }

    // ---- logins ---------------------------------------------------------------------------------------------------

    @Test
    void whoKnowsThePasscodeIsWhoTheFileSays() {
        var alice = letIn(users, login("alice", "password"));
        assertThat(alice.name()).isEqualTo("alice");
        assertThat(alice.roles()).containsExactlyInAnyOrder("admin", "trader");
        assertThat(alice.expires()).isNull();
        assertThat(letIn(users, login("bob", "pässword")).roles()).isEmpty();
    }

    @Test
    void aWrongPasscodeAndAnUnknownNameAreRefused() {
        assertThat(refused(users, login("alice", "wrong"))).isEqualTo("wrong passcode");
        assertThat(refused(users, login("mallory", "password"))).isEqualTo("no such user");
        assertThat(refused(users, login("ALICE", "password"))).isEqualTo("no such user");
        assertThat(refused(users, login("alice ", "password"))).isEqualTo("no such user");
    }

    @Test
    void thePasscodeOfTheUserAnUnknownNameIsComparedWithLetsNobodyIn() {
        for (int i = 0; i < 10; i++) {
            assertThat(refused(users, login("nobody" + i, "password"))).isEqualTo("no such user");
            assertThat(refused(users, login("nobody" + i, "pässword"))).isEqualTo("no such user");
        }
    }

    @Test
    @DisplayName("an empty passcode is refused, whatever the hash says (CVE-2014-3612)")
    void anEmptyPasscodeIsRefused() throws IOException {
        users.close();
        // bcrypt of the empty passcode, by libxcrypt
        write("carol:$2b$04$abcdefghijklmnopqrstuubyCG3zY1GIXMyxfivm.ClDiInHzxjiq\n");
        users = UsersFile.open(file);
        assertThat(refused(users, login("carol", ""))).isEqualTo("no passcode");
        assertThat(refused(users, login("carol", null))).isEqualTo("no passcode");
        assertThat(refused(users, login("", "password"))).isEqualTo("no login");
        assertThat(refused(users, login(null, "password"))).isEqualTo("no login");
    }

    @Test
    void aNulInTheMiddleIsPartOfThePasscode() {
        assertThat(refused(users, login("alice", "password\0"))).isEqualTo("wrong passcode");
        assertThat(refused(users, login("bob", "pässword\0x"))).isEqualTo("wrong passcode");
    }

    @Test
    void whatIsNoLoginIsNotForAFileOfUsers() {
        assertThat(users.recognizes(login(null, null))).isFalse();
        assertThat(users.recognizes(login("alice", null))).isTrue();
        assertThat(users.recognizes(login(null, "x"))).isTrue();
        assertThat(users.recognizes(new Credentials(null, null, "Bearer x", Handshake.from("192.0.2.1"))))
                .isFalse();
    }

    @Test
    void afterItsEndNobodyIsLetInAnew() {
        users.close();
        assertThat(Attempt.unavailable(users, login("alice", "password"))).isEqualTo("passcodes closed");
    }

    // ---- the file -------------------------------------------------------------------------------------------------

    @Test
    void aChangeOfTheFileCounts() throws IOException {
        letIn(users, login("alice", "password"));
        write(BOB + "carol:" + PasswordHashTest.ARGON2ID + ":trader\n");
        Await.until("carol", () -> isIn("carol", "password"));
        assertThat(refused(users, login("alice", "password"))).isEqualTo("no such user");
        assertThat(letIn(users, login("carol", "password")).roles()).containsExactly("trader");
    }

    @Test
    void aNewHashEndsTheOldPasscodeThoughItWasVerifiedAMomentAgo() throws IOException {
        letIn(users, login("alice", "password"));
        write("alice:" + PasswordHashTest.BCRYPT + "\n");
        Await.until("the new passcode", () -> isIn("alice", "pässword"));
        assertThat(refused(users, login("alice", "password"))).isEqualTo("wrong passcode");
    }

    @Test
    void newRolesCountThoughThePasscodeWasVerifiedAMomentAgo() throws IOException {
        letIn(users, login("alice", "password"));
        write("alice:" + PasswordHashTest.ARGON2ID + ":viewer\n");
        Await.until(
                "new roles",
                () -> letIn(users, login("alice", "password")).roles().contains("viewer"));
    }

    private boolean isIn(String name, String passcode) {
        return users.authenticate(login(name, passcode))
                .handle((principal, failure) -> failure == null)
                .toCompletableFuture()
                .join();
    }

    // ---- files that can't be used ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"rw----r--", "rw-----w-", "rw-r--r--"})
    @DisplayName("case 87: a users file that everybody may read or write is refused")
    void aFileThatEverybodyHasAccessToIsRefused(String permissions) throws IOException {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.open(file))
                .withMessage(file + ": every user of this machine has access to it; chmod o-rwx it");
    }

    @Test
    void theGroupMayReadIt() throws IOException {
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        UsersFile.open(file).close();
    }

    @Test
    @DisplayName("case 87: a users file that is missing or broken is refused with its name and line")
    void aFileThatCantBeReadIsRefused() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.open(missing))
                .withMessage(missing + ": there is no such file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.open(folder))
                .withMessageStartingWith(folder + ": ");
        write(ALICE + "bob:hunter2\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UsersFile.open(file))
                .withMessageStartingWith(file + ": line 2: neither an argon2id nor a bcrypt hash")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void aLambdaIsAnAuthenticatorToo() {
        Authenticator own = credentials -> users.authenticate(login("alice", credentials.passcode()));
        assertThat(letIn(own, login("whoever", "password")).name()).isEqualTo("alice");
    }

    /** In one step, as an administrator should. */
    private void write(String content) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, content);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        }
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }
}

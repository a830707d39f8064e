package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fanfare.auth.UsersFile;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Credentials;
import io.fanfare.security.Handshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks credentials as the section {@code auth} says, and refuses sections that contradict themselves. */
class AuthTest {

    @TempDir
    Path folder;

    @Test
    void withoutSettingsEverybodyMayConnect() throws IOException {
        assertThat(authenticator("auth:\n  jwt:\n    clock_skew: 5s\n")).isSameAs(Authenticator.ANONYMOUS);
    }

    @Test
    void aUsersFileLetsItsUsersIn() throws IOException {
        write("users", UsersFile.line("alice", "secret", List.of("admin")));
        Authenticator users = authenticator("auth:\n  users_file: users\n");
        assertThat(tried(users, login("alice", "secret"))).isEqualTo("alice [admin]");
        assertThat(tried(users, login("alice", "wrong"))).contains("wrong passcode");
        assertThat(tried(users, login(null, null))).contains("no credentials");
    }

    @Test
    void tokensComeBeforePasswords() throws IOException {
        write("users", UsersFile.line("alice", "secret", List.of()));
        write("key", "a secret of 32 bytes and a few more");
        Authenticator both = authenticator("auth:\n  users_file: users\n  certificate: common_name\n  jwt:\n"
                + "    secret_file: key\n    issuer: https://id.example\n    cookie: session\n");
        assertThat(tried(both, login("alice", "secret"))).isEqualTo("alice []");
        assertThat(tried(both, login("alice", "a.b.c"))).contains("malformed or unsigned token");
        Handshake cookie = new Handshake("192.0.2.1", Map.of("cookie", "session=a.b.c"), List.of());
        assertThat(tried(both, new Credentials(null, null, null, cookie))).contains("malformed or unsigned token");
        assertThat(tried(both, new Credentials("alice", "secret", null, cookie)))
                .isEqualTo("alice []");
    }

    @Test
    @DisplayName("case 87: a users file that everybody may read, is missing or broken is a mistake at its place")
    void aUsersFileThatCantBeReadIsAMistakeAtItsPlace() throws IOException {
        assertThat(mistake("auth:\n  users_file: missing\n")).startsWith(":2:15: auth.users_file names no file");
        Path users = write("users", "alice:hunter2");
        assertThat(mistake("auth:\n  users_file: users\n"))
                .startsWith(":2:15: auth.users_file: " + users + ": line 1: neither an argon2id nor a bcrypt hash")
                .doesNotContain("hunter2");
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(mistake("auth:\n  users_file: users\n")).contains(":2:15: ", "everybody may read");
    }

    @Test
    void tokensHaveOneKindOfKeys() throws IOException {
        write("key", "a secret of 32 bytes and a few more");
        assertThat(mistake("auth.jwt:\n  secret_file: key\n  jwks_url: https://id.example/jwks\n"))
                .isEqualTo(":3:13: tokens are checked with one of auth.jwt.secret_file and auth.jwt.jwks_url");
        assertThat(mistake("auth.jwt.audience: fanfare\n"))
                .isEqualTo(
                        ":1:20: tokens are not looked at without auth.jwt.secret_file, public_key, jwks_file or jwks_url");
    }

    @Test
    void keysComeSafelyOrNotAtAll() throws IOException {
        for (String url : List.of("http://id.example/jwks", "file:///etc/passwd", "jwks")) {
            assertThat(mistake("auth.jwt.jwks_url: " + url + "\n"))
                    .contains("must be a URL that begins with https:// (http:// only on this machine)");
        }
    }

    private Authenticator authenticator(String yaml) throws IOException {
        return read(yaml).server().options().broker().auth().authenticator();
    }

    private String mistake(String yaml) throws IOException {
        String lines = String.join(
                "\n",
                catchThrowableOfType(ConfigException.class, read(yaml)::server).lines());
        return lines.replace(folder.resolve("fanfare.yaml").toString(), "");
    }

    private Configuration read(String yaml) throws IOException {
        Configuration configuration = new Configuration();
        configuration.readFile(write("fanfare.yaml", yaml));
        return configuration;
    }

    private Path write(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Credentials login(String login, String passcode) {
        return new Credentials(login, passcode, null, Handshake.from("192.0.2.1"));
    }

    private static String tried(Authenticator authenticator, Credentials credentials) {
        return authenticator
                .authenticate(credentials)
                .handle((principal, failure) ->
                        failure == null ? principal.name() + " " + principal.roles() : failure.toString())
                .toCompletableFuture()
                .join();
    }
}

package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RunningCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs token make and token check, from the jar and in this process, and serve with the tokens. */
class TokenIT {

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void configure() throws IOException {
        secret("jwt.secret", "0123456789abcdef0123456789abcdef\n");
        config = Files.writeString(folder.resolve("fanfare.yaml"), """
                auth:
                  jwt:
                    secret_file: jwt.secret
                    issuer: https://app.example.com
                    audience: fanfare
                    name_claim: user
                """);
    }

    @Test
    void tokenMadeForAConfigurationIsAcceptedByItsBroker() {
        String token;
        try (Fanfare make = Fanfare.run("token", "make", "alice", "--role=admin,trader", "-c", config.toString())) {
            token = only(make);
        }
        assertThat(check(0, token, "-c", config.toString()).out())
                .startsWith("accepted", "user     alice", "roles    admin, trader")
                .anyMatch(line -> line.startsWith("expires  20"));
        try (Fanfare serve = Fanfare.serve("-c", config.toString());
                InProcess pub = InProcess.run("pub", serve.url(), "/topic/a", "hi", "--passcode", token)) {
            pub.succeeds();
        }
    }

    @Test
    void checkSaysWhyABrokerWouldRefuse() throws IOException {
        String other =
                secret("other.secret", "another secret of thirty-two bytes!").toString();
        String right = "--key=" + folder.resolve("jwt.secret");
        refused(make("alice", "-c", config.toString(), "--key", other), "token with a wrong signature");
        refused(make("alice", "-c", config.toString(), "--expires=0s", "--issuer=x"), "token of another issuer");
        refused(make("alice", right, "--issuer=https://app.example.com"), "token for another audience");
        refused(
                make("alice", right, "--issuer=https://app.example.com", "--audience=fanfare"),
                "token without a name in its claim user");
        refused("no.to.ken", "malformed or unsigned token");
        refused("nothing", "no token");
    }

    private void refused(String token, String why) {
        InProcess check = check(4, token, "-c", config.toString());
        assertThat(check.err().get(0)).isEqualTo("fanfare: this token is refused: " + why);
        assertThat(check.out()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"RSA, 2048, RS256", "EC, 256, ES256"})
    void privateKeysSignWithTheirAlgorithm(String kind, int size, String algorithm)
            throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(size);
        KeyPair pair = generator.generateKeyPair();
        Path key = secret("private.pem", pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Path certificate = Files.writeString(
                folder.resolve("public.pem"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));

        String token = make("bob", "--key", key.toString(), "--kid=k1");

        assertThat(new String(Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.'))), UTF_8))
                .contains("\"alg\":\"" + algorithm + "\"", "\"kid\":\"k1\"");
        assertThat(check(0, token, "--key", certificate.toString()).out()).contains("user     bob");
    }

    @Test
    void tokenMayComeFromStandardInput() {
        String token = make("alice", "-c", config.toString());
        try (Fanfare check = Fanfare.run("token", "check", "-", "-c", config.toString())) {
            check.types(token + "\n").endsInput();
            check.succeeds();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "token make alice|a key is missing: -c FILE with an auth.jwt section, or --key FILE",
                "token check a.b.c|a key is missing: -c FILE with an auth.jwt section, or --key FILE",
                "token make|missing required parameter: 'NAME'",
                "token|fanfare token needs a command: check, make"
            })
    void whatIsMissingIsOneSentence(String args, String sentence) {
        try (InProcess token = InProcess.run(args.split(" "))) {
            assertThat(token.exitCode()).isEqualTo(2);
            assertThat(token.err()).first().isEqualTo("fanfare: " + sentence);
            assertThat(token.err()).hasSize(2);
        }
    }

    @Test
    void secretThatIsTooShortOrOpenToAllIsRefused() throws IOException {
        Path shorter = secret("short", "x".repeat(31));
        try (InProcess make = InProcess.run("token", "make", "alice", "--key", shorter.toString())) {
            assertThat(make.exitCode()).isEqualTo(2);
            assertThat(make.err().get(0)).contains("a secret has at least 32 bytes");
        }
        Path open = secret("open", "x".repeat(32));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        try (InProcess make = InProcess.run("token", "make", "alice", "--key", open.toString())) {
            assertThat(make.exitCode()).isEqualTo(2);
            assertThat(make.err().get(0)).contains("chmod o-rwx");
        }
    }

    private Path secret(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private static String make(String name, String... more) {
        try (InProcess make = InProcess.run(args("make", name, more))) {
            return only(make);
        }
    }

    /** The one line of a command that must have succeeded. */
    private static String only(RunningCommand command) {
        command.succeeds();
        assertThat(command.out()).hasSize(1);
        return command.out().get(0);
    }

    private static InProcess check(int exitCode, String token, String... more) {
        try (InProcess check = InProcess.run(args("check", token, more))) {
            assertThat(check.exitCode()).as("%s", check).isEqualTo(exitCode);
            return check;
        }
    }

    private static String[] args(String command, String argument, String... more) {
        List<String> args = new ArrayList<>(List.of("token", command, argument));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }
}

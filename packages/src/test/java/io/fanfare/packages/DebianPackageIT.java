package io.fanfare.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import io.fanfare.testing.RawTcp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installs the Debian package with dpkg, in a copy of this machine's files, and does with it what operators do. */
class DebianPackageIT {

    private static final String DEB = "/mnt/fanfare.deb";
    private static final String CONFIGURATION = "/etc/fanfare/fanfare.yaml";
    private static final String JAR = "/usr/share/fanfare/fanfare.jar";
    private static final String ARCHIVE = "/var/cache/fanfare/fanfare.jsa";

    /**
     * Stands for systemd, which does not run in the sandbox: keeps the calls in {@code /var/log/systemctl}, and takes every
     * service for a running one. What systemctl does with files alone, it does.
     */
    private static final String SYSTEMCTL = """
            mkdir -p /run/systemd/system
            rm -f /usr/sbin/policy-rc.d
            cat >/usr/local/bin/systemctl <<'END'
            #!/bin/sh
            echo "$*" >>/var/log/systemctl
            case $* in
              --root=/*) exec /usr/bin/systemctl "$@" ;;
              *is-enabled*) exec /usr/bin/systemctl --root=/ is-enabled fanfare.service ;;
            esac
            END
            chmod +x /usr/local/bin/systemctl
            """;

    @TempDir
    private static Path installedMount;

    @TempDir
    private Path otherMount;

    /** Where the package is installed, for tests that change none of its files. */
    private static Sandbox machine;

    @BeforeAll
    static void install() {
        Needs.systemd("systemd-analyze");
        machine = copyOfThisMachine(installedMount);
        install(machine);
    }

    @AfterAll
    static void close() {
        if (machine != null) {
            machine.close();
        }
    }

    private static Sandbox copyOfThisMachine(Path mountPoint) {
        Sandbox copy = Sandbox.ofThisMachine(mountPoint, Path.of("target"));
        copy.shell(SYSTEMCTL);
        return copy;
    }

    private static void install(Sandbox there) {
        there.shell("DEBIAN_FRONTEND=noninteractive dpkg --install " + DEB);
    }

    @Test
    void filesBelongToRootAndOnlyRootWritesThem() {
        assertThat(machine.shell("dpkg-deb --contents " + DEB + " | awk '{print $1, $2, $6}' | grep -v '/$'")
                        .lines())
                .containsExactlyInAnyOrder(
                        "-rw-r----- root/root ./etc/fanfare/fanfare.yaml",
                        "-rw-r--r-- root/root ./etc/default/fanfare",
                        "-rwxr-xr-x root/root ./usr/bin/fanfare",
                        "-rw-r--r-- root/root ./usr/lib/systemd/system/fanfare.service",
                        "-rw-r--r-- root/root ./usr/share/fanfare/fanfare.jar",
                        "-rw-r--r-- root/root ./usr/share/fanfare/fanfare.classlist",
                        "-rw-r--r-- root/root ./usr/share/doc/fanfare/CHANGELOG.md",
                        "-rw-r--r-- root/root ./usr/share/doc/fanfare/copyright");
        assertThat(machine.shell("dpkg-deb --info " + DEB + " conffiles").lines())
                .containsExactlyInAnyOrder(CONFIGURATION, "/etc/default/fanfare");
    }

    @Test
    void withoutJavaItIsNotConfigured() {
        String empty = "/tmp/admin";
        machine.shell(
                "mkdir -p %1$s/info %1$s/updates %1$s/triggers; touch %1$s/status %1$s/available".formatted(empty));
        try (Program dpkg = machine.startAs(
                "0:0", List.of(Sandbox.PATH), List.of("/usr/bin/dpkg", "--admindir=" + empty, "--install", DEB))) {
            assertThat(dpkg.endedWith(1))
                    .contains("fanfare depends on default-jre-headless (>= 2:1.17) | java17-runtime-headless");
        }
    }

    @Test
    void installationStartsTheServiceForASystemUser() {
        assertThat(machine.shell("getent passwd fanfare")).endsWith(":/nonexistent:/usr/sbin/nologin");
        assertThat(machine.shell("stat -c '%A %U %G %n' /etc/fanfare " + CONFIGURATION)
                        .lines())
                .containsExactly(
                        "drwxr-x--- root fanfare /etc/fanfare", "-rw-r----- root fanfare /etc/fanfare/fanfare.yaml");
        assertThat(systemctl(machine))
                .contains("--system daemon-reload")
                .anyMatch(call -> call.matches(".*\\bstart .*fanfare.service"));
        assertThat(machine.shell("readlink /etc/systemd/system/multi-user.target.wants/fanfare.service"))
                .endsWith("/systemd/system/fanfare.service");
    }

    /** Java reads it with -Xshare:on only if it fits. */
    @Test
    void installationMakesAnArchiveOfTheClassesWithTheJavaThatIsThere() {
        machine.shell("java -Xshare:on -XX:SharedArchiveFile=" + ARCHIVE + " -jar " + JAR + " --version");
        assertThat(machine.shell("sh -x /usr/bin/fanfare --version 2>&1")).contains("-XX:SharedArchiveFile=" + ARCHIVE);
    }

    @Test
    void theServiceHasTheOptionsOfABrokerAndItsOperatorTheLastWord() {
        assertThat(machine.shell("JAVA_OPTS=-Xmn24m sh -x /usr/bin/fanfare serve --help 2>&1"))
                .contains(
                        "-Xmn16m -XX:FreqInlineSize=100 -XX:InlineSmallCode=1000 -XX:TrimNativeHeapInterval=5000 -Xmn24m -jar");
    }

    /** Another Java cannot use the archive of the old one. */
    @Test
    void archiveIsMadeAnewWhenJavaHasChanged() {
        machine.shell("rm " + ARCHIVE + "; touch /usr/lib/jvm/newer");
        machine.shell("dpkg-trigger --by-package=fanfare /usr/lib/jvm; dpkg --triggers-only --pending");
        machine.shell("java -Xshare:on -XX:SharedArchiveFile=" + ARCHIVE + " -jar " + JAR + " --version");
    }

    @Test
    void serviceServesWithTheInstalledConfigurationAndEndsInOrder() throws IOException {
        assertThat(machine.shell("fanfare --version")).startsWith("fanfare ");
        assertThat(machine.shell("fanfare config check " + CONFIGURATION)).endsWith("ok");

        try (Program service = startService(CONFIGURATION)) {
            int port = Integer.parseInt(
                    service.printed("ready ws=ws://127\\.0\\.0\\.1:\\d+/ws tcp=127\\.0\\.0\\.1:(\\d+) .*")
                            .group(1));
            RawTcp.connect(port).connects().close();
            service.terminate();
            service.endedWith(0);
        }
    }

    @Test
    void usersAsTheConfigurationExplainsThemLogIn() throws IOException {
        String configuration = "/etc/fanfare/with-users.yaml";
        machine.shell("cp --preserve " + CONFIGURATION + " " + configuration);
        machine.shell("install -m 640 -g fanfare /dev/null /etc/fanfare/users");
        machine.shell("echo secret | fanfare user hash alice >> /etc/fanfare/users");
        machine.shell("sed -i -e 's/^#auth:/auth:/' -e 's/^#  users_file/  users_file/' " + configuration);

        try (Program service = startService(configuration)) {
            int port = Integer.parseInt(
                    service.printed("ready .* tcp=127\\.0\\.0\\.1:(\\d+) .*").group(1));
            RawTcp.connect(port)
                    .sends("CONNECT\naccept-version:1.2\nhost:test\nlogin:alice\npasscode:secret\n\n^@")
                    .gotStart("CONNECTED\n")
                    .close();
        }
    }

    @Test
    void upgradeKeepsTheOperatorsChangesAndRestartsTheService() {
        try (Sandbox other = installedWithoutArchive()) {
            other.shell("echo '# mine' >>" + CONFIGURATION + "; chmod 0600 " + CONFIGURATION);
            other.shell("echo 'JAVA_OPTS=-Xmx1g' >/etc/default/fanfare; rm /var/log/systemctl");
            other.shell("rm /etc/systemd/system/multi-user.target.wants/fanfare.service");

            other.shell(newerVersion());
            other.shell("dpkg --force-confdef --force-confold --install /tmp/newer.deb");

            assertThat(other.shell("dpkg-query --show --showformat '${Version} ${Status}' fanfare"))
                    .isEqualTo("99 install ok installed");
            assertThat(other.shell("tail -n 1 " + CONFIGURATION)).isEqualTo("# mine");
            assertThat(other.shell("tail -n 1 " + CONFIGURATION + ".dpkg-dist")).isEqualTo("# newer");
            assertThat(other.shell("stat -c '%a' " + CONFIGURATION)).isEqualTo("600");
            assertThat(other.shell("cat /etc/default/fanfare")).isEqualTo("JAVA_OPTS=-Xmx1g");
            assertThat(other.shell("stat -c '%A %G' /etc/fanfare")).isEqualTo("drwxr-x--- fanfare");
            assertThat(systemctl(other))
                    .anyMatch(call -> call.matches(".*\\brestart .*fanfare.service"))
                    .noneMatch(call -> call.matches(".*\\bstop .*"));
            assertThat(other.shell("ls /etc/systemd/system/multi-user.target.wants"))
                    .as("disabled, it stays disabled")
                    .doesNotContain("fanfare");
        }
    }

    /** The package in another copy, where Java fails: the archive of classes takes seconds, and is not needed. */
    private Sandbox installedWithoutArchive() {
        Sandbox other = copyOfThisMachine(otherMount);
        other.shell("ln -s /bin/false /usr/local/bin/java");
        install(other);
        return other;
    }

    /** A package of version 99 with another default configuration. */
    private static String newerVersion() {
        return """
                dpkg-deb --raw-extract %s /tmp/newer
                sed -i 's/^Version: .*/Version: 99/' /tmp/newer/DEBIAN/control
                echo '# newer' >>/tmp/newer%s
                dpkg-deb --root-owner-group -Znone --build /tmp/newer /tmp/newer.deb
                """.formatted(DEB, CONFIGURATION);
    }

    @Test
    void removalStopsTheServiceAndPurgeLeavesNothingButTheUser() {
        try (Sandbox other = installedWithoutArchive()) {
            other.shell("rm /var/log/systemctl; echo '# mine' >>" + CONFIGURATION);

            other.shell("dpkg --remove fanfare");
            assertThat(systemctl(other)).anyMatch(call -> call.matches(".*\\bstop .*fanfare.service"));
            assertThat(other.shell(
                                    "ls /usr/bin/fanfare /usr/share/fanfare /usr/lib/systemd/system/fanfare.service 2>&1 || true")
                            .lines())
                    .hasSize(3)
                    .allMatch(line -> line.contains("No such file"));
            assertThat(other.shell("tail -n 1 " + CONFIGURATION)).isEqualTo("# mine");

            other.shell("dpkg --purge fanfare");
            assertThat(other.shell(
                            "find /etc /usr /var/cache /var/lib/systemd -name '*fanfare*' -not -path '/usr/src/*'"))
                    .isEmpty();
            assertThat(other.shell("getent passwd fanfare")).isNotEmpty();
        }
    }

    @Test
    void unitIsValidAndLeavesTheServiceLittle() {
        String unit = "/usr/lib/systemd/system/fanfare.service";

        assertThat(machine.shell("systemd-analyze verify --man=no --recursive-errors=no " + unit))
                .isEmpty();
        // 0 is no access to the system at all, 10 is all of it; a service without any option has 9.6
        assertThat(machine.shell("systemd-analyze security --offline=yes --threshold=20 --no-pager " + unit))
                .contains("Overall exposure level for fanfare.service");
    }

    private static List<String> systemctl(Sandbox there) {
        return there.shell("cat /var/log/systemctl").lines().toList();
    }

    /** Starts what the unit starts, as its user, on free ports. */
    private static Program startService(String configuration) throws IOException {
        List<String> unit = Files.readAllLines(Path.of("src", "debian", "fanfare.service"));
        assertThat(unit).contains("User=fanfare", "Group=fanfare");
        String command = unit.stream()
                .filter(line -> line.startsWith("ExecStart="))
                .map(line -> line.substring("ExecStart=".length()))
                .findFirst()
                .orElseThrow();
        return machine.startAs(
                machine.shell("echo $(id -u fanfare):$(id -g fanfare)"),
                List.of(Sandbox.PATH, "FANFARE_LISTEN_PORT=0", "FANFARE_LISTEN_STOMP_PORT=0", "FANFARE_ADMIN_PORT=0"),
                List.of(command.replace(CONFIGURATION, configuration).split(" ")));
    }
}

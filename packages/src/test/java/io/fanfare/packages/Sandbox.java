package io.fanfare.packages;

import io.fanfare.testing.Needs;
import io.fanfare.testing.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root directory for programs, in a mount namespace of its own: what a test mounts and changes there is gone when it
 * closes the sandbox. A process holds the namespace until its standard input ends. Needs the right to mount.
 */
final class Sandbox implements AutoCloseable {

    /** This machine's files, with all changes kept in memory; {@code $2} appears as {@code /mnt}. */
    private static final String THIS_MACHINE = """
            set -e
            mount -t tmpfs tmpfs "$1"
            mkdir "$1/upper" "$1/work" "$1/root"
            mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
            mount -t proc proc "$1/root/proc"
            mount --rbind /dev "$1/root/dev"
            mount -t tmpfs tmpfs "$1/root/run"
            mount --bind "$2" "$1/root/mnt"
            echo mounted
            read -r line || true
            """;

    /** A folder as a container engine shows it: read-only, with {@code /proc}, {@code /dev} and an empty {@code /tmp}. */
    private static final String FOLDER = """
            set -e
            mkdir "$1/root"
            mount --bind "$2" "$1/root"
            mkdir -p "$1/root/proc" "$1/root/dev"
            mount -o remount,bind,ro "$1/root"
            mount -t proc proc "$1/root/proc"
            mount --rbind /dev "$1/root/dev"
            mount -t tmpfs tmpfs "$1/root/tmp"
            echo mounted
            read -r line || true
            """;

    static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final Program holder;
    private final Path root;
    private final String workingDirectory;

    private Sandbox(String script, Path mountPoint, Path folder, String workingDirectory) {
        this.root = mountPoint.resolve("root");
        this.workingDirectory = workingDirectory;
        this.holder = Program.start(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                script,
                "sandbox",
                mountPoint.toString(),
                folder.toAbsolutePath().toString()));
        holder.printed("mounted");
    }

    /**
     * Shows this machine's files.
     *
     * @param mountPoint an empty folder
     * @param mnt a folder that is {@code /mnt} in the sandbox
     */
    static Sandbox ofThisMachine(Path mountPoint, Path mnt) {
        needsMounts();
        return new Sandbox(THIS_MACHINE, mountPoint, mnt, "/");
    }

    /** Shows the files of one folder; programs start in a folder of it. */
    static Sandbox ofFolder(Path mountPoint, Path folder, String workingDirectory) {
        needsMounts();
        return new Sandbox(FOLDER, mountPoint, folder, workingDirectory);
    }

    private static void needsMounts() {
        try (Program unshare = Program.start(List.of("unshare", "--mount", "true"))) {
            if (unshare.exitCode() != 0) {
                Needs.unmet("this test mounts file systems: run it as root, in a container with CAP_SYS_ADMIN");
            }
        }
    }

    /**
     * Starts a program.
     *
     * @param user the numbers of the user and the group, with a colon between them
     * @param environment all that the program finds in its environment: {@code NAME=value}
     */
    Program startAs(String user, List<String> environment, List<String> command) {
        List<String> all = new ArrayList<>(List.of("env", "--ignore-environment"));
        all.addAll(environment);
        all.addAll(List.of("/usr/bin/nsenter", "--target=" + holder.pid(), "--mount"));
        String[] ids = user.split(":");
        all.addAll(List.of("/usr/bin/unshare", "--root=" + root, "--wd=" + workingDirectory));
        all.addAll(List.of("--setuid=" + ids[0], "--setgid=" + ids[1]));
        all.addAll(command);
        return Program.start(all);
    }

    /** Runs lines of shell as root, and returns what they print. */
    String shell(String script) {
        try (Program shell = startAs("0:0", List.of(PATH), List.of("/bin/sh", "-ec", script))) {
            return shell.endedWith(0);
        }
    }

    @Override
    public void close() {
        holder.endsInput();
        holder.endedWith(0);
    }
}

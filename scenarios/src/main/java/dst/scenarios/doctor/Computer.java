package dst.scenarios.doctor;

import static dst.scenarios.doctor.Prerequisite.optional;
import static dst.scenarios.doctor.Prerequisite.required;

import com.sun.management.OperatingSystemMXBean;
import dst.scenarios.cli.FirstLine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the computer that dst runs on. It changes nothing. */
final class Computer {
    private static final long MEMORY_BYTES_MIN = 1L << 30;
    private static final long OPEN_FILES_MIN = 1024;

    List<Prerequisite> examine() {
        return Stream.of(ofTheComputer().stream(), Tool.all().stream().map(this::prerequisite))
                .flatMap(each -> each)
                .toList();
    }

    private List<Prerequisite> ofTheComputer() {
        return List.of(
                required("JDK 25", jdk(), "everything", "install a JDK 25, for example Temurin 25"),
                required(
                        "cores",
                        Optional.of(String.valueOf(Runtime.getRuntime().availableProcessors())),
                        "running seeds side by side",
                        ""),
                required("memory", memory(), "everything", "dst needs a machine with 1 GiB"),
                optional("open files", openFiles(), "many links to a real node", "ulimit -n 65536"),
                optional(
                        "nbd kernel driver",
                        kernelNbd(),
                        "attaching a device to the kernel",
                        "modprobe nbd, with a kernel that has the module"),
                optional(
                        "io_uring",
                        ioUring(),
                        "Netty's io_uring transport",
                        "a kernel from 5.10 on that allows it: sysctl kernel.io_uring_disabled=0"),
                optional("loop devices", existing("/dev/loop-control"), "block devices for tests", "modprobe loop"),
                optional("FUSE", existing("/dev/fuse"), "nbdfuse", "modprobe fuse; apt-get install fuse3"),
                optional(
                        "network namespaces",
                        networkNamespaces(),
                        "several hosts on one machine",
                        "run as root, or with unprivileged user namespaces; apt-get install iproute2"));
    }

    private Optional<String> jdk() {
        return Optional.of(Runtime.version() + " in " + System.getProperty("java.home"))
                .filter(_ -> Runtime.version().feature() == 25);
    }

    private Optional<String> memory() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
            return Optional.of("of unknown size");
        }
        long bytes = system.getTotalMemorySize();
        return bytes < MEMORY_BYTES_MIN
                ? Optional.empty()
                : Optional.of((bytes >> 20) + " MiB, of which this process may use "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB as heap");
    }

    private Optional<String> openFiles() {
        return lines("/proc/self/limits")
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+")[3])
                .filter(limit -> limit.equals("unlimited") || Long.parseLong(limit) >= OPEN_FILES_MIN)
                .findFirst();
    }

    private Optional<String> kernelNbd() {
        if (Files.exists(Path.of("/dev/nbd0"))) {
            return Optional.of("/dev/nbd0");
        }
        Path modules = Path.of("/lib/modules", System.getProperty("os.version"));
        return Stream.of("modules.dep", "modules.builtin")
                        .flatMap(file -> lines(modules.resolve(file).toString()))
                        .anyMatch(line -> line.contains("/nbd.ko"))
                ? Optional.of("module present, not loaded: modprobe nbd")
                : Optional.empty();
    }

    private Optional<String> ioUring() {
        return lines("/proc/sys/kernel/io_uring_disabled")
                .findFirst()
                .filter(setting -> !setting.equals("2"))
                .map(setting -> setting.equals("0") ? "allowed" : "allowed for privileged processes");
    }

    private Optional<String> networkNamespaces() {
        return onPath("unshare")
                .flatMap(unshare -> FirstLine.of(List.of(unshare.toString(), "--net", "echo", "can be made")));
    }

    private Optional<String> existing(String file) {
        return Optional.of(file).filter(name -> Files.exists(Path.of(name)));
    }

    private Prerequisite prerequisite(Tool tool) {
        Optional<String> found = onPath(tool.name())
                .map(place ->
                        tool.version(place.toString()).flatMap(FirstLine::of).orElse(place.toString()));
        return optional(
                tool.name(),
                found,
                tool.neededFor(),
                "dst test installs it, or apt-get install " + tool.debianPackage());
    }

    /** Administrators' folders count too: some tools are there, and not every user has them on the path. */
    private Optional<Path> onPath(String tool) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/sbin:/usr/local/sbin";
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file)).stream();
        } catch (IOException absent) {
            return Stream.empty();
        }
    }
}

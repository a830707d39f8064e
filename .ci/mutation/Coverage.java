import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.pitest.mutationtest.engine.Location;
import org.pitest.reloc.asm.ClassReader;
import org.pitest.reloc.asm.ClassVisitor;
import org.pitest.reloc.asm.ClassWriter;
import org.pitest.reloc.asm.MethodVisitor;
import org.pitest.reloc.asm.Opcodes;

/** Which tests enter which methods. */
public final class Coverage {

    /** Methods that have been entered since it was cleared. */
    private static final Set<String> ENTERED = ConcurrentHashMap.newKeySet();

    private final List<Trial> tests = new ArrayList<>();

    /** Indices of tests. */
    private final Map<String, BitSet> byMethod = new HashMap<>();

    /** Called by the probes. */
    public static void enter(String method) {
        ENTERED.add(method);
    }

    static String method(Location location) {
        return location.getClassName().asJavaName() + "." + location.getMethodName() + location.getMethodDesc();
    }

    /** Runs tests, those that enter none of the methods with a probe too; those that fail take no part. */
    static Coverage measure(List<String> types) throws InterruptedException {
        Coverage coverage = new Coverage();
        for (String type : types) {
            for (String id : ids(type)) {
                ENTERED.clear();
                long before = Trial.processorNanos();
                Trial.Verdict verdict = new Trial(id, 0).run(Long.MAX_VALUE);
                if (verdict != Trial.Verdict.PASSED) {
                    System.err.println("fails without a change: " + id);
                    continue;
                }
                ENTERED.forEach(method -> coverage.indices(method).set(coverage.tests.size()));
                coverage.tests.add(new Trial(id, Trial.processorNanos() - before));
            }
        }
        return coverage;
    }

    /** Of a class's tests: methods, and classes inside as a whole. */
    private static List<String> ids(String type) {
        TestPlan plan = Trial.LAUNCHER.discover(LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(type))
                .build());
        return plan.getRoots().stream()
                .flatMap(engine -> plan.getChildren(engine).stream())
                .flatMap(each -> plan.getChildren(each).stream())
                .map(TestIdentifier::getUniqueId)
                .toList();
    }

    private BitSet indices(String method) {
        return byMethod.computeIfAbsent(method, m -> new BitSet());
    }

    List<Trial> entering(String method) {
        return indices(method).stream().mapToObj(tests::get).collect(Collectors.toList());
    }

    /** A line for each test, and behind them one for each method. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        tests.forEach(test -> lines.add(test.id() + "\t" + test.nanos()));
        byMethod.forEach((method, indices) -> lines.add(
                method + "\t" + indices.stream().mapToObj(Integer::toString).collect(Collectors.joining(" "))));
        Files.write(file, lines);
    }

    static Coverage read(Path file) throws IOException {
        Coverage coverage = new Coverage();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t");
            if (fields[0].startsWith("[")) {
                coverage.tests.add(new Trial(fields[0], Long.parseLong(fields[1])));
            } else {
                Stream.of(fields[1].split(" "))
                        .forEach(each -> coverage.indices(fields[0]).set(Integer.parseInt(each)));
            }
        }
        return coverage;
    }

    /** Has each method of some classes say that it is entered. */
    static final class Probes implements ClassFileTransformer {

        private final Set<String> files;

        Probes(List<String> classes) {
            this.files = classes.stream().map(each -> each.replace('.', '/')).collect(Collectors.toSet());
        }

        @Override
        public byte[] transform(
                ClassLoader loader, String file, Class<?> before, ProtectionDomain domain, byte[] bytes) {
            if (!files.contains(file)) {
                return null;
            }
            var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            new ClassReader(bytes).accept(new ClassProbe(file.replace('/', '.'), writer), 0);
            return writer.toByteArray();
        }
    }

    private static final class ClassProbe extends ClassVisitor {

        private final String type;

        ClassProbe(String type, ClassWriter writer) {
            super(Opcodes.ASM9, writer);
            this.type = type;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, method) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    visitLdcInsn(type + "." + name + descriptor);
                    visitMethodInsn(Opcodes.INVOKESTATIC, "Coverage", "enter", "(Ljava/lang/String;)V", false);
                }
            };
        }
    }
}

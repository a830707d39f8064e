import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.pitest.bytecode.analysis.ClassTree;
import org.pitest.classinfo.ClassByteArraySource;
import org.pitest.classinfo.ClassName;
import org.pitest.mutationtest.EngineArguments;
import org.pitest.mutationtest.build.CompoundInterceptorFactory;
import org.pitest.mutationtest.build.MutationInterceptor;
import org.pitest.mutationtest.build.MutationInterceptorFactory;
import org.pitest.mutationtest.config.ReportOptions;
import org.pitest.mutationtest.engine.Location;
import org.pitest.mutationtest.engine.Mutater;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.mutationtest.engine.gregor.config.GregorEngineFactory;

/**
 * Changes classes in this JVM, one change of Pitest's default mutators after the other, and runs the tests that enter the changed
 * method, the likeliest to notice first, until one fails. All of these have passed where a change survives. A change is noticed where
 * a test fails that passes again without it, or takes far more processor time than it needs.
 *
 * <p>A JVM in which a test does not end, or fails without a change, is left with {@link #GO_ON}: the caller starts another one, which
 * goes on behind the last result.
 */
final class Mutants {

    /** Exit status: there is more to do, in a new JVM. */
    private static final int GO_ON = 3;

    private static Instrumentation instrumentation;

    private final PrintStream out = System.out;
    private final Path results;
    private final Coverage coverage;
    private final Mutater mutater;
    private final MutationInterceptor filters;

    /** How many changes of a class, or of a method, a test has noticed. */
    private final Map<String, Integer> noticed = new HashMap<>();

    /** Changes that this JVM has tried. */
    private int tried;

    private Mutants(Path results, Coverage coverage) {
        this.results = results;
        this.coverage = coverage;
        ClassByteArraySource source = Mutants::bytes;
        this.mutater = new GregorEngineFactory()
                .createEngine(EngineArguments.arguments())
                .createMutator(source);
        List<MutationInterceptorFactory> all = new ArrayList<>();
        ServiceLoader.load(MutationInterceptorFactory.class).forEach(all::add);
        this.filters =
                new CompoundInterceptorFactory(List.of(), all).createInterceptor(options(), null, source, null, null);
    }

    private static ReportOptions options() {
        ReportOptions options = new ReportOptions();
        options.setLoggingClasses(List.of("org.slf4j"));
        return options;
    }

    /** Called by the JVM, as an agent. */
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
        given.addTransformer(new PlainRecords());
    }

    /**
     * Arguments: a folder for what is found, the folders of compiled classes and of tests, which classes and which tests, as names
     * below {@code io.fanfare} with {@code *}, by commas.
     */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        List<String> classes = Names.of(Path.of(args[1]), args[3], name -> true);
        List<String> tests = Names.of(Path.of(args[2]), args[4], Names::isTest);
        Path covered = folder.resolve("coverage");
        if (!Files.exists(covered)) {
            instrumentation.addTransformer(new Coverage.Probes(classes));
            Coverage.measure(tests).write(covered);
            Runtime.getRuntime().halt(GO_ON);
        }
        new Mutants(folder.resolve("results"), Coverage.read(covered)).tryAll(classes);
        // threads that tests have left behind are of no interest
        Runtime.getRuntime().halt(0);
    }

    private void tryAll(List<String> classes) throws Exception {
        Set<String> done = new HashSet<>();
        if (Files.exists(results)) {
            Files.readAllLines(results).forEach(line -> done.add(line.substring(line.lastIndexOf('\t') + 1)));
        }
        System.setOut(new PrintStream(PrintStream.nullOutputStream()));
        for (String name : classes) {
            filters.begin(ClassTree.fromBytes(bytes(name).orElseThrow()));
            var changes = filters.intercept(mutater.findMutations(ClassName.fromString(name)), mutater);
            filters.end();
            for (MutationDetails change : changes) {
                if (!done.contains(change.getId().toString())) {
                    tryOne(change);
                }
            }
        }
    }

    private void tryOne(MutationDetails change) throws Exception {
        Class<?> type = Class.forName(change.getClassName().asJavaName());
        var changed =
                new ClassDefinition(type, mutater.getMutation(change.getId()).getBytes());
        var original = new ClassDefinition(type, bytes(type.getName()).orElseThrow());
        tried++;
        for (Trial test : likeliestFirst(change)) {
            instrumentation.redefineClasses(changed);
            Trial.Verdict verdict = test.run();
            instrumentation.redefineClasses(original);
            if (verdict == Trial.Verdict.PASSED) {
                continue;
            }
            if (verdict == Trial.Verdict.ENDLESS) {
                record("TIMED_OUT", change, test);
                Runtime.getRuntime().halt(GO_ON);
            }
            if (test.run() == Trial.Verdict.PASSED) {
                record("KILLED", change, test);
                names(change).forEach(name -> noticed.merge(name + test.id(), 1, Integer::sum));
                return;
            }
            if (tried > 1) {
                // this JVM is damaged, by this change or by an earlier one
                Runtime.getRuntime().halt(GO_ON);
            }
            out.println("fails without a change: " + test.id());
        }
        record("SURVIVED", change, null);
    }

    /** Those that have noticed most of what was like this change, for the time that they take. */
    private List<Trial> likeliestFirst(MutationDetails change) {
        List<Trial> tests = coverage.entering(Coverage.method(change.getId().getLocation()));
        String owner = ownerOf(change);
        Map<Trial, Double> cost = new HashMap<>();
        for (Trial test : tests) {
            double hopes = test.id().contains("." + owner + "Test") ? 5 : 1;
            for (String name : names(change)) {
                hopes += 10.0 * noticed.getOrDefault(name + test.id(), 0);
            }
            cost.put(test, (test.nanos() + 3e6) / hopes);
        }
        tests.sort(Comparator.comparing(cost::get));
        return tests;
    }

    private static List<String> names(MutationDetails change) {
        Location at = change.getId().getLocation();
        return List.of(ownerOf(change) + " ", Coverage.method(at) + " ");
    }

    private static String ownerOf(MutationDetails change) {
        return change.getClassName().getNameWithoutPackage().asJavaName().replaceFirst("\\$.*", "");
    }

    private void record(String verdict, MutationDetails change, Trial by) throws IOException {
        String mutator = change.getMutator().replaceFirst(".*\\.", "");
        String line = String.join(
                "\t",
                verdict,
                change.getClassName().asJavaName(),
                change.getMethod(),
                Integer.toString(change.getLineNumber()),
                mutator,
                change.getDescription(),
                by == null ? "" : by.id(),
                change.getId().toString());
        Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static Optional<byte[]> bytes(String name) {
        String file = name.replace('.', '/') + ".class";
        try (var in = Mutants.class.getClassLoader().getResourceAsStream(file)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

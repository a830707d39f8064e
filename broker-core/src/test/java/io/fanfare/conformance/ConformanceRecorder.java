package io.fanfare.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which tests proved which items of the conformance list, which attacks and which advisories: one file for
 * each test class, in {@code target/conformance}, from which {@code .ci/conformance/Page.java} makes
 * docs/conformance.md and docs/hardening.md. A test names them by a tag, {@code item-36}, {@code case-38}, or at the
 * start of a display name: {@code item 36: ...}, {@code cases 3, 4: ...}, {@code item 127, case 38, advisory 13: ...}.
 */
public final class ConformanceRecorder implements TestExecutionListener {

    private static final Path DIRECTORY = Path.of("target", "conformance");
    private static final Pattern TAG = Pattern.compile("(?:item|case|advisory)-\\d+");
    private static final String KIND = "(?:items?|cases?|advisory|advisories)";
    private static final Pattern NAMES = Pattern.compile("^" + KIND + " \\d+(?:, (?:" + KIND + " )?\\d+)*:");
    private static final Pattern KIND_OR_NUMBER = Pattern.compile("(item|case|advisor)[a-z]*|\\d+");
    private static final String PASSED = "passed";

    /** By test class, and then by {@code tag TAB method}: the worst of the results. */
    private final Map<String, Map<String, String>> results = new ConcurrentHashMap<>();

    private TestPlan plan;

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        record(test, "skipped");
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    record(test, PASSED);
                }
            }
            case ABORTED -> record(test, "skipped");
            case FAILED -> record(test, "FAILED");
        }
    }

    private void record(TestIdentifier test, String result) {
        for (String named : namedBy(test)) {
            String method = source(test, MethodSource.class)
                    .map(MethodSource::getMethodName)
                    .orElse("(class)");
            results.computeIfAbsent(classOf(test), name -> new ConcurrentHashMap<>())
                    .merge(named + '\t' + method, result, (one, other) -> one.equals(PASSED) ? other : one);
        }
    }

    /** What the test, its method or its class names, as tags. */
    private SortedSet<String> namedBy(TestIdentifier test) {
        SortedSet<String> named = new TreeSet<>();
        for (TestTag tag : test.getTags()) {
            if (TAG.matcher(tag.getName()).matches()) {
                named.add(tag.getName());
            }
        }
        Optional<TestIdentifier> each = Optional.of(test);
        while (each.isPresent()) {
            named.addAll(namedBy(each.get().getDisplayName()));
            each = plan.getParent(each.get());
        }
        return named;
    }

    private static SortedSet<String> namedBy(String displayName) {
        SortedSet<String> named = new TreeSet<>();
        Matcher names = NAMES.matcher(displayName);
        if (names.find()) {
            String kind = "";
            Matcher word = KIND_OR_NUMBER.matcher(names.group());
            while (word.find()) {
                if (word.group(1) == null) {
                    named.add(kind + '-' + word.group());
                } else {
                    kind = word.group(1).equals("advisor") ? "advisory" : word.group(1);
                }
            }
        }
        return named;
    }

    private String classOf(TestIdentifier test) {
        return source(test, MethodSource.class)
                .map(MethodSource::getClassName)
                .or(() -> source(test, ClassSource.class).map(ClassSource::getClassName))
                .map(name -> name.replaceFirst("\\$.*", ""))
                .orElse("unknown");
    }

    /** Where the test stands, or that of which it is one case. */
    private <S extends TestSource> Optional<S> source(TestIdentifier test, Class<S> kind) {
        Optional<TestIdentifier> each = Optional.of(test);
        while (each.isPresent()) {
            Optional<S> found = each.get().getSource().filter(kind::isInstance).map(kind::cast);
            if (found.isPresent()) {
                return found;
            }
            each = plan.getParent(each.get());
        }
        return Optional.empty();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        results.forEach((testClass, byTag) -> {
            StringBuilder lines = new StringBuilder();
            new TreeMap<>(byTag)
                    .forEach((tagAndMethod, result) -> lines.append(tagAndMethod)
                            .append('\t')
                            .append(result)
                            .append('\n'));
            try {
                Files.createDirectories(DIRECTORY);
                Files.writeString(DIRECTORY.resolve(testClass + ".tsv"), lines);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        results.clear();
    }
}

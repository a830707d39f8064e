package io.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The path of a SEND from socket to socket, as ARCHITECTURE.md lists it: each method calls the next, and they are few. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class SendPathTest {

    private static final int MAX_METHODS = 28;
    private static final int MAX_FILES = 16;

    /** A method of the path; its class without the package. */
    private record Step(String type, String method) {

        /** A nested class stands in the file of the outer one. */
        String file() {
            return type.substring(0, (type + ".").indexOf('.'));
        }
    }

    @ArchTest
    static void eachMethodOfThePathCallsTheNext(JavaClasses classes) throws IOException {
        for (List<Step> part : parts()) {
            for (int i = 1; i < part.size(); i++) {
                assertThat(isCall(classes, part.get(i - 1), part.get(i)))
                        .as("%s calls %s", part.get(i - 1), part.get(i))
                        .isTrue();
            }
        }
    }

    @ArchTest
    static void thePathHasAtMost28MethodsIn16Files(JavaClasses classes) throws IOException {
        Set<Step> methods = new LinkedHashSet<>();
        parts().forEach(methods::addAll);
        assertThat(methods).hasSizeGreaterThan(20).hasSizeLessThanOrEqualTo(MAX_METHODS);
        assertThat(methods.stream().map(Step::file).collect(Collectors.toSet())).hasSizeLessThanOrEqualTo(MAX_FILES);
    }

    /** A method that hands over to another thread ends a part, and so does one that leaves the rest to the turn's end. */
    @ArchTest
    static void thePartsMeetWhereALoopGoesOn(JavaClasses classes) throws IOException {
        assertThat(parts().stream().map(part -> part.get(0)))
                .containsExactly(
                        new Step("SocketProcessor", "process"),
                        new Step("EventLoop", "turn"),
                        new Step("EventLoop", "turn"));
        assertThat(parts().stream().map(part -> part.get(part.size() - 1)))
                .containsExactly(
                        new Step("Mailbox", "post"),
                        new Step("Outbox", "append"),
                        new Step("SocketConnection", "write"));
    }

    private static boolean isCall(JavaClasses classes, Step from, Step to) {
        JavaClass called = find(classes, to.type());
        return find(classes, from.type()).getMethodCallsFromSelf().stream()
                .filter(call -> call.getOrigin().getName().equals(from.method()))
                .filter(call -> call.getTarget().getName().equals(to.method()))
                .anyMatch(call -> called.isAssignableTo(call.getTargetOwner().getName()));
    }

    private static JavaClass find(JavaClasses classes, String type) {
        List<JavaClass> found = classes.stream()
                .filter(each -> !each.getPackageName().startsWith("io.fanfare.client"))
                .filter(each -> each.getName().endsWith("." + type.replace('.', '$')))
                .toList();
        assertThat(found).as(type).hasSize(1);
        return found.get(0);
    }

    /** The parts of the list, which empty lines separate; behind two blanks a line goes on with words. */
    private static List<List<Step>> parts() throws IOException {
        String page = Files.readString(Path.of("..", "ARCHITECTURE.md"));
        String list = page.split("## The path of a SEND", 2)[1].split("```\n", 3)[1];
        List<List<Step>> parts = new ArrayList<>();
        for (String part : list.split("\n\n")) {
            parts.add(part.lines().flatMap(line -> steps(line).stream()).toList());
        }
        return parts;
    }

    private static List<Step> steps(String line) {
        String[] columns = line.split(" {2,}");
        return Arrays.stream(columns[1].split(", "))
                .map(method -> new Step(columns[0], method))
                .toList();
    }
}

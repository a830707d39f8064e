package io.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;

/** The methods of all modules' main code, as javac's parser sees them. */
class SourceMethodsTest {

    private static final int MAX_LINES_OF_A_METHOD = 40;

    @Test
    void noMethodHasMoreThan40Lines() throws IOException {
        Lengths lengths = new Lengths();
        Sources.scan(Sources.below("src/main/java"), lengths);
        assertThat(lengths.methods).isGreaterThan(5_000);
        assertThat(lengths.tooLong).isEmpty();
    }

    /** An IDE shows the builder, and not the record behind it. */
    @Test
    void everyPublicMethodOfABuilderHasADocComment() throws IOException {
        Builders builders = new Builders();
        Sources.scan(Sources.below("src/main/java"), builders);
        assertThat(builders.methods).isGreaterThan(100);
        assertThat(builders.undocumented).isEmpty();
    }

    private static final class Lengths extends Sources.Scanner {

        private final List<String> tooLong = new ArrayList<>();
        private int methods;

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
            SourcePositions positions = trees().getSourcePositions();
            long lines = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method))
                    - unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method))
                    + 1;
            methods++;
            if (lines > MAX_LINES_OF_A_METHOD) {
                tooLong.add(file() + ": " + method.getName() + " has " + lines);
            }
            return super.visitMethod(method, nothing);
        }
    }

    private static final class Builders extends Sources.Scanner {

        private final List<String> undocumented = new ArrayList<>();
        private int methods;

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (isCalledFromOutside(getCurrentPath()) && isOfABuilder(method)) {
                methods++;
                if (trees().getDocComment(getCurrentPath()) == null) {
                    undocumented.add(file() + ": " + method.getName());
                }
            }
            return super.visitMethod(method, nothing);
        }

        private boolean isOfABuilder(MethodTree method) {
            String type = ((ClassTree) getCurrentPath().getParentPath().getLeaf())
                    .getSimpleName()
                    .toString();
            boolean isInherited = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            return method.getName().contentEquals("builder") || (type.endsWith("Builder") && !isInherited);
        }

        /** Whether it is public, and all types around it are. */
        private static boolean isCalledFromOutside(TreePath path) {
            boolean isPublic =
                    ((MethodTree) path.getLeaf()).getModifiers().getFlags().contains(Modifier.PUBLIC);
            for (TreePath each = path.getParentPath(); each != null; each = each.getParentPath()) {
                if (each.getLeaf() instanceof ClassTree type) {
                    isPublic &= type.getModifiers().getFlags().contains(Modifier.PUBLIC);
                }
            }
            return isPublic;
        }
    }
}

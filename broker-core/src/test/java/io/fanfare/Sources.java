package io.fanfare;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The Java files of all modules. */
final class Sources {

    /** Tests run in their module's folder. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Sources() {}

    /** Those below a folder of their module, or with an empty name below any. */
    static List<Path> below(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file ->
                            file.toString().contains("/src/") && file.toString().contains(folder))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    /** Looks at what javac's parser makes of some files. */
    static void scan(List<Path> files, Scanner scanner) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, List.of(), null, manager.getJavaFileObjectsFromPaths(files));
            scanner.trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
        }
    }

    /** Goes through the trees of files. */
    abstract static class Scanner extends TreePathScanner<Void, Void> {

        private Trees trees;

        /** Of the trees: places and comments. */
        final Trees trees() {
            return trees;
        }

        /** The file that it is in, below the folder of all modules. */
        final String file() {
            return ROOT.relativize(Path.of(getCurrentPath()
                            .getCompilationUnit()
                            .getSourceFile()
                            .toUri()))
                    .toString();
        }
    }
}

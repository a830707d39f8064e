package io.fanfare;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
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
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                return each.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
                String file = each.toString();
                if (file.endsWith(".java") && file.contains("/src/") && file.contains(folder)) {
                    found.add(each);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path each, IOException why) throws IOException {
                // JVMs make files beside the sources, and delete them, when a program attaches to them
                return why instanceof NoSuchFileException ? FileVisitResult.CONTINUE : super.visitFileFailed(each, why);
            }
        });
        return found;
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

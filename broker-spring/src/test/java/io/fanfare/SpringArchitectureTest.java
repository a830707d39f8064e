package io.fanfare;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import io.fanfare.testing.Reach;

@AnalyzeClasses(packages = "io.fanfare.spring", importOptions = DoNotIncludeTests.class)
class SpringArchitectureTest {

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}

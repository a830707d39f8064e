package io.fanfare;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.CacheMode;
import io.fanfare.testing.Reach;

@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class, cacheMode = CacheMode.PER_CLASS)
class ReachTest {

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}

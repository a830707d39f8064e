package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.testing.Reach;

/** Which way the arrows go: server, broker-core <- spring. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class SpringArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRestNeedsNoSpring = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.spring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.spring..", "org.springframework..");

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}

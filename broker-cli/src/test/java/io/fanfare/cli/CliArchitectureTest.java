package io.fanfare.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command line uses what any embedder may use. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class CliArchitectureTest {
    @ArchTest
    static final ArchRule theInsideOfTheServerIsItsOwn = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.server.internal..");
}

package io.fanfare.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.testing.Reach;

/** Dependencies between the packages of the command line: cli -> client, check, bench, token -> options, wire -> output. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class CliArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theInsideOfTheServerIsItsOwn = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fanfare.server.internal..");

    @ArchTest
    static final ArchRule configurationAndBenchAreIndependent = noClasses()
            .that()
            .resideInAPackage("io.fanfare.cli.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.cli", "io.fanfare.cli.bench..", "io.fanfare.cli.options..");

    @ArchTest
    static final ArchRule benchNeedsNeitherServerNorConfiguration = noClasses()
            .that()
            .resideInAPackage("io.fanfare.cli.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fanfare.cli", "io.fanfare.cli.config..", "io.fanfare.server..", "io.fanfare.broker..");

    @ArchTest
    static final ArchRule checkSpeaksBytesAndNeedsNoClientOfOurs = noClasses()
            .that()
            .resideInAPackage("io.fanfare.cli.check..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.fanfare.client..", "io.fanfare.server..", "io.fanfare.broker..", "io.fanfare.cli.bench..");

    @ArchTest
    static final ArchRule outputNeedsNothingOfTheOthers = noClasses()
            .that()
            .resideInAPackage("io.fanfare.cli.output..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.fanfare..").and(resideOutsideOfPackage("io.fanfare.cli.output..")));

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}

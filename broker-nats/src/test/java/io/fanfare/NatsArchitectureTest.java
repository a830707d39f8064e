package io.fanfare;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Rooms of what joins nodes: options and connections below, parts above, the backplane on top; only it is known to others. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class NatsArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.nats.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule partsDoNotKnowEachOther = slices().matching(
                    "io.fanfare.nats.internal.(live|members|presence|kept|queue)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule nothingElseOfFanfareKnowsNats = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.nats..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.nats..", "io.nats..");

    @ArchTest
    static final ArchRule optionsDoNotLoadJnats = noClasses()
            .that()
            .resideInAPackage("io.fanfare.nats.options..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.nats..")
                    .or(resideInAnyPackage("io.fanfare..")
                            .and(resideInAPackage("io.fanfare.nats.options..").negate())));

    @ArchTest
    static final ArchRule theServerIsNotNeeded = noClasses()
            .that()
            .resideInAPackage("io.fanfare.nats..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server..", "org.glassfish..");
}

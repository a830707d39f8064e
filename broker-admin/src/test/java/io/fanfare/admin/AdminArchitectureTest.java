package io.fanfare.admin;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies of what operators use: core <- server <- admin, and of both only what an embedder may call. */
@AnalyzeClasses(packages = "io.fanfare", importOptions = DoNotIncludeTests.class)
class AdminArchitectureTest {

    /** What an embedder may call. */
    private static final DescribedPredicate<JavaClass> API = resideInAnyPackage(
            "io.fanfare.broker",
            "io.fanfare.event",
            "io.fanfare.security",
            "io.fanfare.frame",
            "io.fanfare.options",
            "io.fanfare.files",
            "io.fanfare.statistics",
            "io.fanfare.status",
            "io.fanfare.server",
            "io.fanfare.server.http");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyWhatAnEmbedderMayCallIsUsed = noClasses()
            .that()
            .resideInAPackage("io.fanfare.admin..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.fanfare..")
                    .and(resideInAPackage("io.fanfare.admin..").negate())
                    .and(API.negate()))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theAdminModuleNeedsNoHttpServerOfItsOwn = noClasses()
            .that()
            .resideInAPackage("io.fanfare.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.glassfish..", "jakarta..");

    @ArchTest
    static final ArchRule nothingBelowNeedsTheAdminModuleOrItsLibraries = noClasses()
            .that()
            .resideOutsideOfPackage("io.fanfare.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.admin..", "com.fasterxml..", "io.micrometer..");
}

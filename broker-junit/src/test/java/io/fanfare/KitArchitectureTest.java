package io.fanfare;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fanfare.testing.Reach;

/** Which way the arrows go round the kit: server <- testkit <- junit. */
@AnalyzeClasses(
        packages = {"io.fanfare.testkit", "io.fanfare.junit"},
        importOptions = DoNotIncludeTests.class)
class KitArchitectureTest {

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.fanfare.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theKitRunsWithoutATestFramework = noClasses()
            .that()
            .resideInAPackage("io.fanfare.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.opentest4j..", "io.fanfare.junit..", "org.assertj..");

    @ArchTest
    static final ArchRule theKitSpeaksStompWithoutTheBrokersCodec = noClasses()
            .that()
            .resideInAPackage("io.fanfare.testkit..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fanfare.frame.FrameDecoder")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("io.fanfare.frame.FrameEncoder")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("io.fanfare.server.internal..", "io.fanfare.client..");

    @ArchTest
    static void fewClassesReachThroughAnother(JavaClasses classes) {
        Reach.check(classes);
    }
}

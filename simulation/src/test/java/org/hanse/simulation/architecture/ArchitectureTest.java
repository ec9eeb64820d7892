package org.hanse.simulation.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, "Enforced", over the main classes of all modules. */
class ArchitectureTest {
  private static final String[] PURE = {
    "org.hanse.core..",
    "org.hanse.coordinator.round..",
    "org.hanse.client.policy..",
    "org.hanse.client.session..",
    "org.hanse.client.update.."
  };

  /** What a package that only computes may take from the platform. */
  private static final String[] COMPUTING = {
    "java.lang",
    "java.lang.annotation",
    "java.lang.foreign",
    "java.lang.invoke",
    "java.lang.runtime",
    "java.math",
    "java.nio",
    "java.nio.charset",
    "java.security..",
    "java.time",
    "java.util",
    "java.util.function",
    "java.util.regex",
    "java.util.stream",
    "javax.crypto..",
    "javax.security.auth"
  };

  private static JavaClasses hanse;

  @BeforeAll
  static void importClasses() {
    hanse =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.hanse");
  }

  @Test
  void r1_core_usesItselfTheComputingPlatformBouncyCastleAndJSpecify() {
    classes()
        .that()
        .resideInAPackage("org.hanse.core..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(COMPUTING)
                .or(resideInAPackage("org.hanse.core.."))
                .or(resideInAnyPackage("org.bouncycastle..", "org.jspecify.."))
                .as("are core's own, the computing part of the JDK, Bouncy Castle or JSpecify"))
        .because("a security reviewer reads core and nothing else to judge the protocol")
        .check(hanse);
  }

  @Test
  void r2_purePackages_useNoInputOutputThreadOrLogger() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.channels..",
            "java.nio.file..",
            "java.util.concurrent..",
            "java.util.logging..",
            "ch.qos..",
            "org.slf4j..",
            "io.grpc..",
            "io.netty..",
            "com.google.protobuf..",
            "org.hanse.proto..",
            "org.deeplearning4j..",
            "org.nd4j..")
        .because("what only computes is tested by values, replayed from a journal, and read once")
        .check(hanse);
  }

  @Test
  void r2_purePackages_readNoClockAndNoRandomness() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .should()
        .accessTargetWhere(readsClockOrRandomness())
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(
            Thread.class,
            Process.class,
            ProcessBuilder.class,
            Runtime.class,
            System.Logger.class,
            Clock.class,
            Date.class,
            SplittableRandom.class,
            UUID.class)
        .because("time arrives in events and randomness through an argument, or nothing repeats")
        .check(hanse);
  }

  @Test
  void r3_learningLibrary_onlyInTheTrainer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.hanse.client.trainer..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.datavec..", "org.bytedeco..")
        .because("another engine is another trainer, not another client")
        .check(hanse);
  }

  @Test
  void r4_transport_onlyInGrpcPackagesAndWire() {
    noClasses()
        .that(
            resideInAnyPackage("org.hanse..")
                .and(not(resideInAnyPackage("..grpc..", "org.hanse.wire..", "org.hanse.proto.."))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "com.google.protobuf..", "org.hanse.proto..")
        .because("bytes become checked values at the edge, in one place")
        .check(hanse);
  }

  @Test
  void r4_wire_usesGeneratedMessagesAndCoreAlone() {
    noClasses()
        .that()
        .resideInAPackage("org.hanse.wire..")
        .and()
        .resideOutsideOfPackage("org.hanse.wire.status..") // the one table of gRPC statuses
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.hanse.coordinator..", "org.hanse.client..", "org.hanse.simulation..", "io.grpc..")
        .because("conversions serve both sides and know no transport")
        .check(hanse);
  }

  @Test
  void r5_coordinatorAndClient_neverSeeEachOther() {
    noClasses()
        .that()
        .resideInAPackage("org.hanse.coordinator..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hanse.client..", "org.hanse.simulation..")
        .because("a coordinator installs no client, and no learning library with it")
        .check(hanse);
    noClasses()
        .that()
        .resideInAPackage("org.hanse.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hanse.coordinator..", "org.hanse.simulation..")
        .because("a site trusts messages it has checked, not the coordinator's code")
        .check(hanse);
  }

  @Test
  void r5_databases_onlyInTheirPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.hanse.coordinator.storage.sql..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "com.zaxxer..",
            "org.sqlite..",
            "org.postgresql..")
        .because("what is stored is one contract, and another database is another package")
        .check(hanse);
  }

  @Test
  void r6_packages_haveNoCycles() {
    slices()
        .matching("org.hanse.(**)")
        .should()
        .beFreeOfCycles()
        .because("a package that can be read after the ones it uses can be read at all")
        .check(hanse);
  }

  @Test
  void r7_fields_ofRecordsAndPureClassesAreFinal() {
    DescribedPredicate<JavaClass> immutable =
        resideInAnyPackage(PURE)
            .or(
                DescribedPredicate.describe(
                    "are records", (JavaClass javaClass) -> javaClass.isRecord()));
    fields()
        .that()
        .areDeclaredInClassesThat(immutable)
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .because("a state is replaced, never changed under whoever holds it")
        .check(hanse);
  }

  @Test
  void r8_names_sayWhatAClassIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Helper|Helpers|Util|Utils|Manager)(\\$.*)?")
        .because("such a name says that nobody knew what the class is")
        .check(hanse);
  }

  @Test
  void r9_adapters_areConstructedByMainsAlone() {
    adaptersAreConstructedByMains().check(hanse);
  }

  @Test
  void r10_nothingFromOutside_becomesAnArbitraryObject() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("com.fasterxml.jackson.annotation.JsonTypeInfo")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.beans..",
            "javax.script..",
            "java.rmi..",
            "com.fasterxml.jackson.databind.jsontype..",
            "org.yaml.snakeyaml..")
        .orShould()
        .callCodeUnitWhere(
            DescribedPredicate.describe(
                "turns on default typing",
                (JavaCall<?> call) ->
                    call.getTargetOwner().getPackageName().startsWith("com.fasterxml.jackson")
                        && call.getName().contains("DefaultTyping")))
        .because("no code travels: what arrives is data and is read as data")
        .check(hanse);
  }

  /**
   * An adapter is a class at the edge that answers an interface of ours: its package speaks gRPC,
   * keeps files, or trains. Its own package may build its parts.
   */
  private static ArchRule adaptersAreConstructedByMains() {
    DescribedPredicate<JavaClass> edge =
        resideInAnyPackage(
            "org.hanse..grpc..", "org.hanse..storage..", "org.hanse.client.trainer..");
    DescribedPredicate<JavaClass> adapter =
        edge.and(
                DescribedPredicate.describe(
                    "implement an interface of ours",
                    (JavaClass javaClass) ->
                        !javaClass.isRecord()
                            && !javaClass.isEnum()
                            && javaClass.getAllRawInterfaces().stream()
                                .anyMatch(ArchitectureTest::ours)))
            .as("adapters");
    return noClasses()
        .that(not(simpleNameEndingWith("Main")))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "constructs an adapter of another package",
                (JavaAccess<?> access) ->
                    access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME)
                        && adapter.test(access.getTargetOwner())
                        && !access
                            .getOriginOwner()
                            .getPackageName()
                            .equals(access.getTargetOwner().getPackageName())))
        .because("objects are wired in one place, where a reader looks for it");
  }

  private static boolean ours(JavaClass type) {
    return type.getPackageName().startsWith("org.hanse.")
        && !type.getPackageName().startsWith("org.hanse.proto");
  }

  /** By a call or by a method reference; other classes that tell time are banned as a whole. */
  private static DescribedPredicate<JavaAccess<?>> readsClockOrRandomness() {
    Set<String> targets =
        Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.time.Instant.now",
            "java.time.InstantSource.system",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.LocalTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.util.Random.<init>",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of",
            "java.security.SecureRandom.<init>",
            "java.security.SecureRandom.getInstanceStrong",
            "java.security.SecureRandom.getInstance");
    return DescribedPredicate.describe(
        "reads a clock or makes randomness",
        (JavaAccess<?> access) ->
            targets.contains(access.getTargetOwner().getName() + "." + access.getName()));
  }
}

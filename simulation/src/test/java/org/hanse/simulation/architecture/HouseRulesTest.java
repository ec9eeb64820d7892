package org.hanse.simulation.architecture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the architecture rules cannot see: the sources' size, notes and origins. */
class HouseRulesTest {
  private static final int CLASS_LINES = 400;
  private static final int METHOD_LINES = 60;
  private static final int CONSTRUCTOR_PARAMETERS = 5;

  /** Wider than a constructor: a record names its parts at the place where it is read. */
  private static final int RECORD_COMPONENTS = 8;

  private static final int PACKAGE_CLASSES = 26;

  /** Vocabularies: many small records that belong together, and a budget of their own. */
  private static final Map<String, Integer> LARGER_PACKAGES =
      Map.of("core/src/main/java/org/hanse/core/plan", 30);

  private static Path home;
  private static List<Path> sources;
  private static List<Finding> findings;

  /** A class, method or constructor with its size. */
  private record Finding(Kind kind, String where, long size) {}

  private enum Kind {
    TYPE_LINES,
    METHOD_LINES,
    CONSTRUCTOR_PARAMETERS,
    RECORD_COMPONENTS
  }

  /** Memory of a client holds the secrets of attempts. */
  @Test
  void launcher_startsNoProgramThatWritesItsMemoryToAFile() throws IOException {
    assertThat(Files.readString(home.resolve("hanse")))
        .contains("-XX:-HeapDumpOnOutOfMemoryError", "-XX:-CreateCoredumpOnCrash");
  }

  @BeforeAll
  static void readSources() throws IOException {
    home = Path.of(System.getProperty("hanse.home"));
    sources = files("**/src/*/java/**/*.java");
    assertThat(sources).hasSizeGreaterThan(100);
    findings =
        measure(sources.stream().filter(file -> file.toString().contains("/src/main/")).toList());
  }

  @Test
  void classes_haveAtMost400Lines() {
    assertThat(larger(Kind.TYPE_LINES, CLASS_LINES)).isEmpty();
  }

  @Test
  void methods_haveAtMost60Lines() {
    assertThat(larger(Kind.METHOD_LINES, METHOD_LINES)).isEmpty();
  }

  @Test
  void constructors_haveAtMost5Parameters() {
    assertThat(larger(Kind.CONSTRUCTOR_PARAMETERS, CONSTRUCTOR_PARAMETERS)).isEmpty();
  }

  @Test
  void records_haveAtMost8Components() {
    assertThat(larger(Kind.RECORD_COMPONENTS, RECORD_COMPONENTS)).isEmpty();
  }

  @Test
  void packages_sayWhatTheyAreForAndWhatTheyMayUse() throws IOException {
    Set<Path> packages =
        sources.stream()
            .filter(file -> file.toString().contains("/src/main/"))
            .map(file -> file.getParent())
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> without = new ArrayList<>();
    for (Path directory : packages) {
      Path info = directory.resolve("package-info.java");
      String text = Files.exists(info) ? Files.readString(info) : "";
      if (!text.contains("@NullMarked") || !text.contains("May use:") || !text.contains("/**")) {
        without.add(home.relativize(directory).toString());
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void packages_areReadInOneSitting() {
    List<String> larger =
        sources.stream()
            .filter(file -> file.toString().contains("/src/main/"))
            .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()))
            .entrySet()
            .stream()
            .filter(entry -> entry.getValue() > budget(entry.getKey()) + 1) // and its package-info
            .map(entry -> home.relativize(entry.getKey()) + ": " + entry.getValue())
            .toList();
    assertThat(larger).isEmpty();
  }

  private static int budget(Path directory) {
    return LARGER_PACKAGES.getOrDefault(home.relativize(directory).toString(), PACKAGE_CLASSES);
  }

  @Test
  void nothing_isLeftForLater() throws IOException {
    Pattern note = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");
    List<String> notes = new ArrayList<>();
    List<Path> texts = new ArrayList<>(sources);
    texts.addAll(files("{*,**/*}.{proto,md,yaml,yml,xml,sh}"));
    texts.addAll(files("{hanse,.ci/*}"));
    assertThat(texts).contains(home.resolve("README.md"), home.resolve("hanse"));
    for (Path file : texts) {
      List<String> lines = Files.readAllLines(file, UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        if (note.matcher(lines.get(i)).find()) {
          notes.add(home.relativize(file) + ":" + (i + 1));
        }
      }
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void vectors_carryTheirSource() throws IOException {
    Pattern source = Pattern.compile("(?i)\\bsource\\b.*\\S{8}");
    List<Path> vectors = files("**/src/test/resources/vectors/**");
    assertThat(vectors).isNotEmpty();
    List<String> without = new ArrayList<>();
    for (Path file : vectors) {
      if (Files.readAllLines(file, UTF_8).stream()
          .limit(20)
          .noneMatch(line -> source.matcher(line).find())) {
        without.add(home.relativize(file).toString());
      }
    }
    assertThat(without).isEmpty();
  }

  private static List<String> larger(Kind kind, long limit) {
    assertThat(findings.stream().filter(finding -> finding.kind() == kind)).isNotEmpty();
    return findings.stream()
        .filter(finding -> finding.kind() == kind && finding.size() > limit)
        .map(finding -> finding.where() + ": " + finding.size())
        .toList();
  }

  /** Files of the checkout, build results left out. */
  private static List<Path> files(String glob) throws IOException {
    var matcher = home.getFileSystem().getPathMatcher("glob:" + glob);
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !generated(home.relativize(file)))
          .filter(file -> matcher.matches(home.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean generated(Path relative) {
    for (Path part : relative) {
      if (part.toString().equals("target") || part.toString().equals(".git")) {
        return true;
      }
    }
    return false;
  }

  private static List<Finding> measure(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<Finding> all = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Measure(unit, positions, all).scan(unit, null);
      }
    }
    return all;
  }

  private static final class Measure extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Finding> findings;
    private String type = "";
    private boolean inRecord;

    Measure(CompilationUnitTree unit, SourcePositions positions, List<Finding> findings) {
      this.unit = unit;
      this.positions = positions;
      this.findings = findings;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      String outer = type;
      type =
          outer.isEmpty()
              ? unit.getPackageName() + "." + tree.getSimpleName()
              : outer + "." + tree.getSimpleName();
      findings.add(new Finding(Kind.TYPE_LINES, type, lines(tree)));
      if (tree.getKind() == Tree.Kind.RECORD) {
        findings.add(new Finding(Kind.RECORD_COMPONENTS, type, components(tree)));
      }
      boolean outerIsRecord = inRecord;
      inRecord = tree.getKind() == Tree.Kind.RECORD;
      super.visitClass(tree, null);
      inRecord = outerIsRecord;
      type = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      String name = type + "." + tree.getName();
      findings.add(new Finding(Kind.METHOD_LINES, name, lines(tree)));
      if (tree.getName().contentEquals("<init>") && !inRecord) {
        findings.add(new Finding(Kind.CONSTRUCTOR_PARAMETERS, name, tree.getParameters().size()));
      }
      return super.visitMethod(tree, null);
    }

    private static long components(ClassTree tree) {
      return tree.getMembers().stream()
          .filter(member -> member instanceof VariableTree)
          .map(member -> (VariableTree) member)
          .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
          .count();
    }

    private long lines(Tree tree) {
      LineMap map = unit.getLineMap();
      return map.getLineNumber(positions.getEndPosition(unit, tree))
          - map.getLineNumber(positions.getStartPosition(unit, tree))
          + 1;
    }
  }
}

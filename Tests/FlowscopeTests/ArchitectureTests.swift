import Foundation
import Testing

/// A construct that only some files may use.
struct Confinement: Sendable, CustomTestStringConvertible {
  let name: String
  /// What counts as using it.
  let pattern: String
  /// Lines that it must catch, so that the pattern itself is tested.
  let examples: [String]
  /// The paths that may, as regular expressions.
  let allowed: [String]

  var testDescription: String { name }

  static let all = [
    Confinement(
      name: "unsafe code",
      pattern: #"\bUnsafe\w*(Pointer|Continuation)|\bwithUnsafe\w*|\bunsafe(BitCast|Downcast)\b"#
        + #"|\bUnmanaged\b|\bOpaquePointer\b|\bunsafelyUnwrapped\b"#,
      examples: [
        "let p: UnsafePointer<Float>", "x.withUnsafeBufferPointer { _ in }",
        "unsafeBitCast(a, to: B.self)",
        "UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)",
      ],
      allowed: [
        "Sources/Kernels[^/]*/.*", "Sources/FileFormats/POSIXFile.swift",
        "Sources/flowscope/Terminal/NcursesTerminal.swift",
        "Sources/flowscope/Export/FrameThrift.swift",
      ]),
    Confinement(
      name: "threads",
      pattern:
        #"\bThread\b|\bpthread_\w+|\bTask\.detached\b|\bTask\s*(<[^>]*>)?\s*[{(]|\bDispatch\w*"#
        + #"|\bwith\w*TaskGroup\b|\basync\s+let\b|\bOperationQueue\b"#,
      examples: [
        "Thread.detachNewThread { }", "pthread_create(&t, nil, f, nil)", "Task.detached { }",
        "Task { await x() }", "Task(priority: .low) { }", "DispatchQueue.global().async {}",
        "await withTaskGroup(of: Int.self) { _ in }", "async let a = f()",
      ],
      allowed: [
        "Sources/FlowViewer/(.*/)?BackgroundTrainer[^/]*.swift",
        "Sources/Kernels/WorkerPool[^/]*.swift",
        "Sources/flowscope/Export/BackgroundReader.swift",
      ]),
    Confinement(
      name: "the terminal library",
      pattern: #"\bimport\s+(CTerminal|Curses|CNcurses)\b|\bct_\w+"#,
      examples: ["import CTerminal", "ct_flush()"],
      allowed: [
        "Sources/flowscope/Terminal/NcursesTerminal.swift",
        "Sources/flowscope/Export/FrameThrift.swift",
        "Sources/flowscope/Terminal/KeyDecoder.swift",
        "Sources/flowscope/Terminal/TerminalColors.swift",
        "Sources/flowscope/Bench/PseudoTerminal.swift",
        "Sources/flowscope/Terminal/Interruption.swift",
        "Sources/flowscope/Console/ProgressLine.swift",
      ]),
  ]
}

@Suite("The rules of the architecture")
struct ArchitectureTests {
  /// What single files may import beyond their target: the thread needs a system library.
  static let exceptions: [String: Set<String>] = [
    "Sources/FlowViewer/Training/BackgroundTrainer.swift": ["Foundation"]
  ]

  /// Which modules a target's files may import. Everything below `Sources` has a row here.
  static let imports: [String: Set<String>] = [
    "Kernels": [
      "CKernels", "KernelsBaseline", "KernelsV3", "KernelsV4", "KernelsNEON", "Glibc", "Darwin",
      "Musl",
    ],
    "KernelsBaseline": ["CKernels", "Glibc", "Darwin", "Musl"],
    "KernelsV3": ["CKernels", "Glibc", "Darwin", "Musl"],
    "KernelsV4": ["CKernels", "Glibc", "Darwin", "Musl"],
    "KernelsNEON": ["CKernels", "Glibc", "Darwin", "Musl"],
    "CKernels": [],
    "FlowMatching": ["Kernels", "Glibc", "Darwin", "Musl"],
    "FileFormats": ["Glibc", "Darwin", "Musl", "Synchronization"],
    "TerminalCanvas": [],
    "FlowViewer": [
      "FlowMatching", "TerminalCanvas", "Glibc", "Darwin", "Musl", "Synchronization",
    ],
    "CTerminal": [],
    "flowscope": [
      "Kernels", "FlowMatching", "FileFormats", "TerminalCanvas", "FlowViewer", "CTerminal",
      "ArgumentParser", "Foundation", "Glibc", "Darwin", "Musl", "Synchronization",
    ],
  ]

  /// Word boundaries as in code, where `x.y` has one; Unicode's text has none there.
  private func regex(_ pattern: String) throws -> Regex<AnyRegexOutput> {
    try Regex(pattern).wordBoundaryKind(.simple)
  }

  @Test("Only the files named for it use it", arguments: Confinement.all)
  func confinement(rule: Confinement) throws {
    let pattern = try regex(rule.pattern)
    for example in rule.examples {
      #expect(example.contains(pattern), "the pattern misses \(example)")
    }
    let allowed = try rule.allowed.map { try regex($0) }
    let files = try SourceTree.files(in: "Sources")
    try #require(files.count > 30)
    for file in files where !allowed.contains(where: { file.path.wholeMatch(of: $0) != nil }) {
      for (number, line) in file.code.enumerated() where line.contains(pattern) {
        Issue.record("\(file.path):\(number + 1) uses \(rule.name): \(line)")
      }
    }
  }

  @Test("A target imports only what the table allows it")
  func importTable() throws {
    let targets = try SourceTree.directories(in: "Sources")
    #expect(
      Set(targets).isSuperset(of: ["Kernels", "FlowMatching", "TerminalCanvas", "flowscope"]))
    let pattern = try regex(
      #"^\s*(@\w+(\([^)]*\))?\s+)*((public|package|internal|private|fileprivate)\s+)?"#
        + #"import\s+((struct|class|enum|func|protocol|typealias|var|let)\s+)?(?<module>\w+)"#)
    #expect("@_exported public import Foo".firstMatch(of: pattern)?["module"]?.substring == "Foo")
    #expect(
      "  import struct Foundation.Data".firstMatch(of: pattern)?["module"]?.substring
        == "Foundation")
    var seen = 0
    for target in targets {
      let allowed = try #require(
        ArchitectureTests.imports[target], "\(target) has no row in the import table")
      for file in try SourceTree.files(in: "Sources/" + target) {
        for line in file.code {
          guard let module = line.firstMatch(of: pattern)?["module"]?.substring else { continue }
          seen += 1
          let extra = ArchitectureTests.exceptions[file.path] ?? []
          #expect(
            allowed.union(extra).contains(String(module)), "\(file.path) imports \(module)")
        }
      }
    }
    #expect(seen > 10)
  }

  @Test("Curses headers are included in one file of CTerminal and the one for terminfo")
  func cursesHeaders() throws {
    let files = try SourceTree.files(in: "Sources", endings: ["c", "h", "swift", "modulemap"])
    func including(_ header: String) -> [String] {
      files.filter { $0.code.contains { $0.hasPrefix("#include") && $0.contains(header) } }
        .map(\.path)
    }
    #expect(including("<curses.h>") == ["Sources/CTerminal/curses_header.h"])
    #expect(including("<term.h>") == ["Sources/CTerminal/description.c"])
    #expect(including("<ncurses").isEmpty)
  }

  @Test("Text reaches standard output and standard error by one door")
  func output() throws {
    let doors = [
      "Output", "PointWriter", "ProgressLine", "MetricsFile", "CheckpointFile",
    ]
    let pattern = try regex(
      #"\bprint\(|FileHandle\.standard(Output|Error)|POSIXFile\.standardOutput"#)
    for file in try SourceTree.files(in: "Sources/flowscope", endings: ["swift"])
    where !doors.contains(where: { file.path.hasSuffix("/\($0).swift") }) {
      for line in file.lines where line.contains(pattern) {
        Issue.record("\(file.path): \(line)")
      }
    }
  }

  /// How many optionals a file may take by force, by path: values that the file itself put there a
  /// few lines before, and pointers of buffers. What comes from a user's data is never among them.
  static let forced = [
    "Sources/FileFormats/POSIXFile.swift": 5,
    "Sources/FlowMatching/Distributions/Boxes.swift": 1,
    "Sources/FlowMatching/Datasets/DatasetCatalog.swift": 1,
    "Sources/FlowMatching/Fields/BoxPairs.swift": 1,
    "Sources/FlowMatching/Fields/MixtureDivergence.swift": 1,
    "Sources/FlowMatching/Fields/RescheduledField.swift": 5,
    "Sources/FlowMatching/Kinds/AffineLayers/AffineLayersField.swift": 2,
    "Sources/FlowMatching/Kinds/AffineLayers/AffineLayersObjective.swift": 1,
    "Sources/FlowMatching/Kinds/ContinuousFlow/MaximumLikelihood.swift": 2,
    "Sources/FlowMatching/Kinds/Matching/FieldError.swift": 1,
    "Sources/FlowMatching/Kinds/TrainingPairs.swift": 5,
    "Sources/FlowMatching/Likelihood/DensityFlow.swift": 3,
    "Sources/FlowMatching/Solvers/ButcherTableau.swift": 2,
    "Sources/FlowMatching/Solvers/Integrator.swift": 6,
    "Sources/FlowMatching/Solvers/StepTimes.swift": 2,
    "Sources/FlowMatching/Theory/TheorySetting.swift": 1,
    "Sources/FlowMatching/Floors/FieldVariance.swift": 1,
    "Sources/FlowMatching/Floors/FloorQuadrature.swift": 1,
    "Sources/flowscope/Commands/Train.swift": 1,
    "Sources/flowscope/Export/FileExporter.swift": 4,
    "Sources/flowscope/Terminal/NcursesTerminal.swift": 1,
  ]

  @Test("Optionals are taken by force only where the file itself put the value")
  func forceUnwraps() throws {
    let pattern = try regex(#"[\w\)\]\}]!(?!=)"#)
    for example in ["a!", "a[0]!.b", "f()!", "{ $0 }!", "x!, y", "let x: Int!"] {
      #expect(example.contains(pattern), "the pattern misses \(example)")
    }
    for example in ["a != b", "a!=b", "!a", "(!a)", "\"! mark\""] {
      #expect(!example.contains(pattern), "the pattern finds \(example)")
    }
    var seen = 0
    for file in try SourceTree.files(in: "Sources") where !file.path.hasPrefix("Sources/Kernels") {
      let lines = file.code.filter { $0.contains(pattern) }
      seen += lines.count
      #expect(
        lines.count == ArchitectureTests.forced[file.path] ?? 0,
        "\(file.path): \(lines.joined(separator: "\n"))")
    }
    #expect(seen == ArchitectureTests.forced.values.reduce(0, +), "a file of the list is gone")
  }

  @Test("No cast is forced, and no error is taken for impossible")
  func forcedCasts() throws {
    let pattern = try regex(#"\bas!|\btry!"#)
    for example in ["x as! T", "try! f()"] {
      #expect(example.contains(pattern), "the pattern misses \(example)")
    }
    // Letters of the program's own.
    let allowed = "Sources/FlowMatching/Datasets/DatasetCatalog.swift"
    for file in try SourceTree.files(in: "Sources") {
      let lines = file.code.filter { $0.contains(pattern) }
      #expect(lines.count == (file.path == allowed ? 1 : 0), "\(file.path): \(lines)")
    }
  }

  /// The arguments of every `Int(…)` in a text that round and say nothing of what does not fit.
  private func roundings(in text: String) throws -> [Substring] {
    let pattern = try regex(#"\bU?Int(8|16|32|64)?\("#)
    return text.matches(of: pattern).compactMap { match in
      var depth = 1
      let argument = text[match.range.upperBound...].prefix { character in
        depth += character == "(" ? 1 : character == ")" ? -1 : 0
        return depth > 0
      }
      let isLabelled = ["saturating:", "exactly:", "clamping:"]
        .contains { argument.drop(while: \.isWhitespace).hasPrefix($0) }
      return argument.contains(".rounded") && !isLabelled ? argument : nil
    }
  }

  @Test("What is rounded to a whole number may be any number, except in kernels")
  func roundedConversions() throws {
    #expect(try roundings(in: "let n = Int((a * (b + 1)).rounded())").count == 1)
    #expect(try roundings(in: "Int(\n  x.rounded(.up))").count == 1)
    #expect(try roundings(in: "UInt8(x.rounded()) + Int(saturating: y.rounded())").count == 1)
    #expect(try roundings(in: "Int(x), y.rounded()").isEmpty)
    // Of values that were kept in a range in the same expression.
    let allowed = [
      "Sources/FileFormats/Asciicast.swift": 1,
      "Sources/FlowMatching/Fields/MixtureEnergy.swift": 1,
      "Sources/FlowMatching/Training/LossHistory.swift": 1,
      "Sources/TerminalCanvas/Colour/Color.swift": 1,
    ]
    var seen = 0
    for file in try SourceTree.files(in: "Sources") where !file.path.hasPrefix("Sources/Kernels") {
      let found = try roundings(in: file.code.joined(separator: "\n"))
      seen += file.code.count { $0.contains("Int(saturating:") }
      #expect(found.count == allowed[file.path] ?? 0, "\(file.path): \(found)")
    }
    #expect(seen > 50)
  }

  @Test("Nothing is left for later")
  func leftovers() throws {
    let pattern = try regex("TO" + "DO|FIX" + "ME|not imple" + "mented|place" + "holder")
      .ignoresCase()
    for directory in ["Sources", "Tests"] {
      for file in try SourceTree.files(in: directory, endings: ["swift", "c", "h", "py"]) {
        for line in file.lines where line.contains(pattern) {
          Issue.record("\(file.path): \(line)")
        }
      }
    }
  }
}

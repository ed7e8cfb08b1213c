// swift-tools-version: 6.1
import PackageDescription

/// Optimised even in debug builds: the numerical targets are used by every test. Whole modules at once are
/// built in less time from clean, and make faster tests.
let optimized: [SwiftSetting] = [
  .unsafeFlags(
    ["-O", "-whole-module-optimization", "-disable-batch-mode", "-num-threads", "2"],
    .when(configuration: .debug))
]

/// The hot loops: whole modules at once in debug builds too, since they inline across files; square
/// roots without errno, so that they are vectors.
let kernel: [SwiftSetting] = [
  .unsafeFlags(
    ["-O", "-whole-module-optimization", "-disable-batch-mode", "-num-threads", "1"],
    .when(configuration: .debug)),
  .unsafeFlags(["-Ounchecked", "-Xcc", "-fno-math-errno"]),
]

/// The same sources once for every instruction set of the machine that builds; `Kernels` chooses
/// among them when the program runs.
#if arch(x86_64)
  let instructionSets: [Target] = [
    .target(
      name: "KernelsV3", dependencies: ["CKernels"],
      swiftSettings: kernel + [
        .define("FMA"), .define("AVX2"), .unsafeFlags(["-Xcc", "-march=x86-64-v3"]),
      ]),
    .target(
      name: "KernelsV4", dependencies: ["CKernels"],
      swiftSettings: kernel + [
        .define("FMA"), .define("AVX512"), .define("WIDE_TILE"),
        .unsafeFlags(["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]),
      ]),
  ]
#elseif arch(arm64)
  let instructionSets: [Target] = [
    .target(
      name: "KernelsNEON", dependencies: ["CKernels"],
      swiftSettings: kernel + [.define("FMA"), .define("WIDE_TILE")])
  ]
#else
  let instructionSets: [Target] = []
#endif

/// The readers under a fuzzer, only where it is asked for: Fuzz/README.md says how.
let fuzzers: [Target] =
  Context.environment["FLOWSCOPE_FUZZ"] == nil
  ? []
  : [
    ("FuzzSafetensors", []), ("FuzzNpy", []), ("FuzzCsv", []),
    ("FuzzSettings", [.target(name: "FlowMatching")]),
  ].map { (name: String, more: [Target.Dependency]) in
    .executableTarget(
      name: name, dependencies: [.target(name: "FileFormats")] + more, path: "Fuzz/" + name,
      swiftSettings: [.unsafeFlags(["-parse-as-library"])])
  }

let package = Package(
  name: "flowscope",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "flowscope", targets: ["flowscope"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .target(name: "CKernels"),
    .target(
      name: "KernelsBaseline", dependencies: ["CKernels"], exclude: ["README.md"],
      swiftSettings: kernel),
    .target(
      name: "Kernels",
      dependencies: ["CKernels", "KernelsBaseline"]
        + instructionSets.map { .target(name: $0.name) },
      swiftSettings: optimized),
    .target(name: "FlowMatching", dependencies: ["Kernels"], swiftSettings: optimized),
    .target(name: "FileFormats", swiftSettings: optimized),
    .target(name: "TerminalCanvas", swiftSettings: optimized),
    .target(
      name: "FlowViewer", dependencies: ["FlowMatching", "TerminalCanvas"],
      swiftSettings: optimized),
    .target(
      name: "CTerminal",
      exclude: ["terminfo"],
      cSettings: [.define("_GNU_SOURCE", .when(platforms: [.linux]))],
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("tinfo", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]),
    .executableTarget(
      name: "flowscope",
      dependencies: [
        "Kernels", "FlowMatching", "FileFormats", "TerminalCanvas", "FlowViewer", "CTerminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "KernelsTests", dependencies: ["Kernels"], swiftSettings: optimized),
    .testTarget(name: "FlowMatchingTests", dependencies: ["FlowMatching"]),
    .testTarget(
      name: "FileFormatsTests", dependencies: ["FileFormats"], exclude: ["Corpora"]),
    .testTarget(name: "TerminalCanvasTests", dependencies: ["TerminalCanvas"]),
    .testTarget(name: "FlowViewerTests", dependencies: ["FlowViewer"], exclude: ["Golden"]),
    .testTarget(
      name: "FlowscopeTests",
      dependencies: [
        "FlowMatching", "FileFormats", "TerminalCanvas", "FlowViewer", "CTerminal", "flowscope",
      ],
      exclude: ["Fixtures"]),
  ] + instructionSets + fuzzers,
  swiftLanguageModes: [.v6]
)

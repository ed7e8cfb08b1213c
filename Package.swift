// swift-tools-version: 6.1
import PackageDescription

/// Optimised even in debug builds: the numerical targets are used by every test.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "flowscope",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "flowscope", targets: ["flowscope"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
  ],
  targets: [
    .target(name: "Kernels", swiftSettings: optimized),
    .target(name: "FlowMatching", dependencies: ["Kernels"], swiftSettings: optimized),
    .target(name: "TerminalCanvas", swiftSettings: optimized),
    .target(
      name: "FlowViewer", dependencies: ["FlowMatching", "TerminalCanvas"],
      swiftSettings: optimized),
    .target(
      name: "CTerminal",
      linkerSettings: [
        .linkedLibrary("ncursesw", .when(platforms: [.linux])),
        .linkedLibrary("tinfo", .when(platforms: [.linux])),
        .linkedLibrary("ncurses", .when(platforms: [.macOS])),
      ]),
    .executableTarget(
      name: "flowscope",
      dependencies: [
        "FlowMatching", "TerminalCanvas", "FlowViewer", "CTerminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
    .testTarget(name: "FlowMatchingTests", dependencies: ["FlowMatching"]),
    .testTarget(name: "TerminalCanvasTests", dependencies: ["TerminalCanvas"]),
    .testTarget(name: "FlowViewerTests", dependencies: ["FlowViewer"]),
    .testTarget(name: "FlowscopeTests", dependencies: ["FlowMatching"]),
  ],
  swiftLanguageModes: [.v6]
)

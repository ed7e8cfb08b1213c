import FlowMatching

/// How long benchmarks may take.
struct BenchSettings: Sendable {
  /// How often each is repeated after its warm-up.
  var repeats: Int
  /// Whether a rough answer will do.
  var isQuick: Bool

  /// Seconds of one repeat of work that can be cut anywhere.
  var duration: Double { isQuick ? 0.1 : 0.4 }
}

/// One thing that is measured; it may give more than one figure.
struct Benchmark: Sendable {
  /// The name of its first figure.
  let name: String
  /// One line of help.
  let summary: String
  let run: @Sendable (BenchSettings) throws -> [Figure]

  /// Every benchmark, in the order of the table.
  static let all: [Benchmark] =
    // Memory first: what a process has at its peak counts from the program that started it.
    [memoryViewer, memoryTrain]
    + [
      trainSmall, trainSmallSiLU, trainMap, trainAction, trainSphere, trainWide, trainWideTwo,
      trainOT, trainOTTwo, trainTokens,
      cnfStep, particleStep, digits,
    ]
    + [256, 512, 1024, 2048, 4096].map(assignment)
    + [sampleSmall, divergenceSmall, particleSample]
    + [
      frame, globe, words, drag, playback, liveParticles, liveParticlesEuler, keyLatency,
      firstFrame,
    ]

  /// Those of the given names, in the order of the table; throws the first name that does not exist.
  static func named(_ names: [String]) throws(UnknownName) -> [Benchmark] {
    let known = all.map(\.name)
    for name in names where !known.contains(name) {
      throw UnknownName(kind: "benchmark", name: name, among: known)
    }
    return all.filter { names.contains($0.name) }
  }
}

extension MLPShape {
  /// Multiplications and additions of the matrix products for one point.
  var operations: Double { layers.reduce(0) { $0 + 2 * Double($1.inputs * $1.outputs) } }

  /// Those of a forward and a reverse pass: the products with the transpose and the outer products
  /// cost as much again, but nobody asks for the gradient of the inputs.
  var trainingOperations: Double {
    let first = layers[0]
    return 3 * operations - 2 * Double(first.inputs * first.outputs)
  }
}

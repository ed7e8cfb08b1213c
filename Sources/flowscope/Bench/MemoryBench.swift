extension Benchmark {
  /// 257 knots of 100 000 particles would be 411 MB: the cache is full, and thins them.
  static let memoryViewer = Benchmark(
    name: "memory-viewer", summary: "viewer, 100 000 particles, trajectory cache full"
  ) { settings in
    var viewer = try PseudoTerminal(["watch", "--particles", "100000", "--steps", "256"])
    guard viewer.skip(seconds: settings.isQuick ? 10 : 30) else { throw ended() }
    viewer.send("qq")
    return [try figure("memory-viewer", &viewer)]
  }

  /// The default experiment without a screen.
  static let memoryTrain = Benchmark(
    name: "memory-train", summary: "headless training of the small network"
  ) { settings in
    var training = try PseudoTerminal(["train", "--steps", settings.isQuick ? "2000" : "20000"])
    return [try figure("memory-train", &training)]
  }

  /// The peak of a program that is about to end.
  private static func figure(_ name: String, _ program: inout PseudoTerminal) throws -> Figure {
    let ending = try program.finish(within: 120)
    guard ending.status == 0 else { throw ended() }
    let megabytes = Double(ending.peakBytes) / 1e6
    return Figure(
      name, Spread(megabytes, low: megabytes, high: megabytes), unit: "MB", clock: nil)
  }

  private static func ended() -> any Error {
    Failure(code: .internal, message: "a measured program failed").exit()
  }
}

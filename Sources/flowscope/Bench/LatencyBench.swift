import FlowMatching
import FlowViewer

extension Benchmark {
  /// From the key to the first byte of the frame that shows its answer, while the viewer trains and
  /// solves as many particles as it can.
  static let keyLatency = Benchmark(
    name: "key-latency",
    summary: "key to answer (p99), 70 000 particles, training"
  ) { settings in
    var viewer = try viewer(["--particles", "70000", "--frames-per-second", "60"])
    guard firstPicture(&viewer) != nil else { throw gone() }
    // Passes follow each other: a solve is always under way.
    viewer.send("l ")
    guard viewer.skip(seconds: 2) else { throw gone() }
    // A word that help alone shows, and that is sent in one piece.
    let row = KeyBindings.all.first { $0.keys.contains { $0.action == .app(.repaint) } }
    guard let word = row?.help.split(separator: " ").first.map(String.init) else { throw gone() }
    var random = Random(seed: 0)
    var milliseconds: [Double] = []
    for _ in 0..<(settings.isQuick ? 20 : 200) {
      guard let latency = answer(to: "?", showing: word, &viewer) else { throw gone() }
      milliseconds.append(latency * 1e3)
      // The words come after the keys, then help is closed.
      viewer.send("??")
      // At any moment of a frame, and not in step with them.
      guard viewer.skip(seconds: 0.06 + 0.1 * random.uniform()) else { throw gone() }
    }
    // The first asks whether training may end.
    viewer.send("qq")
    _ = try viewer.finish(within: 10)
    let sorted = milliseconds.sorted()
    let spread = Spread(milliseconds)
    let worst = Spread(
      Spread.quantile(0.99, of: sorted), low: spread.low, high: sorted.last ?? spread.high)
    return [
      Figure("key-latency", worst, unit: "ms", clock: .wall),
      Figure("key-latency-median", spread, unit: "ms", clock: .wall),
    ]
  }

  /// From the start of the process to its first braille character, with a terminal that answers.
  static let firstFrame = Benchmark(
    name: "first-frame", summary: "launch to the first particles on the screen"
  ) { settings in
    let milliseconds = try (0...max(settings.repeats, 5)).map { _ in
      var viewer = try viewer([])
      guard let seconds = firstPicture(&viewer) else { throw gone() }
      viewer.send("qq")
      _ = try viewer.finish(within: 10)
      return seconds * 1e3
    }
    return [
      Figure("first-frame", Spread(Array(milliseconds.dropFirst())), unit: "ms", clock: .wall)
    ]
  }

  private static func viewer(_ arguments: [String]) throws -> PseudoTerminal {
    try PseudoTerminal(["watch", "--train-steps", "1000000000"] + arguments)
  }

  private static func gone() -> any Error {
    Failure(code: .internal, message: "the viewer did not answer on a pseudo-terminal").exit()
  }

  /// Seconds from the start to the first braille character that is not blank: E2, A0…A3, any.
  private static func firstPicture(_ viewer: inout PseudoTerminal) -> Double? {
    var last: UInt8 = 0
    while let chunk = viewer.read(), chunk.seconds - viewer.started < 15 {
      for byte in chunk.bytes {
        if last == 0xe2, (0xa0...0xa3).contains(byte) { return chunk.seconds - viewer.started }
        last = byte
      }
    }
    return nil
  }

  /// Seconds from sending `key` to the first byte of the frame in which `text` appears; nil if none
  /// does within two seconds.
  private static func answer(
    to key: String, showing text: String, _ viewer: inout PseudoTerminal
  ) -> Double? {
    let (begin, wanted) = (Array("\u{1b}[?2026h".utf8), Array(text.utf8))
    var frame: [UInt8] = []
    var frameStart: Double?
    let sent = Stopwatch.wallSeconds
    viewer.send(key)
    while let chunk = viewer.read(), chunk.seconds - sent < 2 {
      // A chunk may end one frame and begin others; a mark may lie across two chunks.
      let known = max(0, frame.count - begin.count)
      frame += chunk.bytes
      var searched = known
      while let mark = frame[searched...].firstRange(of: begin) {
        if frameStart != nil, frame[..<mark.lowerBound].firstRange(of: wanted) != nil { break }
        frame.removeFirst(mark.upperBound)
        searched = 0
        frameStart = chunk.seconds
      }
      if let frameStart, frame.firstRange(of: wanted) != nil { return frameStart - sent }
    }
    return nil
  }
}

import FlowMatching
import FlowViewer
import TerminalCanvas

extension Benchmark {
  /// Update, draw and the encoding of what changed, trajectories being known: a pass that plays again.
  static let frame = Benchmark(
    name: "frame", summary: "a frame of a replay, 100 000 particles at 160×48"
  ) { settings in try Stage.frame.figures(settings) }

  /// The same on a globe that turns, with the picture of the whole sphere beside it.
  static let globe = Benchmark(
    name: "globe-frame",
    summary: "a frame of a replay on a turning globe, 20 000 particles at 160×48"
  ) { settings in try Stage.globe.figures(settings) }

  /// The same of a wall of words.
  static let words = Benchmark(
    name: "words-frame", summary: "a frame of a replay of a wall of 600 words at 160×48"
  ) { settings in try Stage.words.figures(settings) }

  /// The same with as many particles as the viewer takes, more or less.
  static let playback = Benchmark(
    name: "playback", summary: "the same with 1 000 000 particles"
  ) { settings in try Stage.playback.figures(settings) }
}

/// Plays a pass whose trajectories are cached, frame after frame.
enum FrameStage {
  private static let framesPerSecond = 30.0

  static func measure(
    _ name: String, particles: Int, of dataset: Dataset = DatasetCatalog.eightGaussians,
    on terminal: inout NcursesTerminal, _ settings: BenchSettings
  ) -> [Figure] {
    let solver = LaneSettings(.midpoint, steps: 20)
    let trainer = InlineTrainer(
      Experiment(to: dataset), dataset: dataset, solver: solver, instructionSet: .best,
      stepsPerSecond: 0)
    trainer.train(steps: settings.isQuick ? 500 : 3000)
    var session = Stage.session(
      trainer, particles: particles, solver: solver, of: dataset, on: terminal)
    var milliseconds: [Double] = []
    var bytes: [Double] = []
    var unchanged: [Double] = []
    // The first pass solves and is the warm-up. At t = 1 the space bar starts the next.
    _ = session.handle(.key(.character("0")))
    for pass in 0...settings.repeats {
      if pass > 0 { _ = session.handle(.key(.character(" "))) }
      while session.state.playback.clock.isPlaying {
        let start = Stopwatch.threadSeconds
        _ = session.frame(1 / framesPerSecond)
        if session.draw() { terminal.present(session.screen) }
        let seconds = Stopwatch.threadSeconds - start
        guard pass > 0 else { continue }
        milliseconds.append(seconds * 1e3)
        bytes.append(Double(terminal.bytesLastFrame))
      }
      terminal.present(session.screen)
      unchanged.append(Double(terminal.bytesLastFrame))
    }
    return [
      // Every particle's place is read once at least.
      Figure(
        name, Spread(milliseconds), unit: "ms",
        bytes: Double(8 * dataset.dimension * particles)),
      Figure(name + "-bytes", Spread(bytes), unit: "bytes", clock: nil),
      Figure(name + "-unchanged", Spread(unchanged), unit: "bytes", clock: nil),
    ]
  }
}

import FlowMatching
import FlowViewer
import TerminalCanvas

extension Benchmark {
  /// Two evaluations of every particle, the drawing and the bytes within a sixtieth of a second.
  static let liveParticles = Benchmark(
    name: "live-particles", summary: "a midpoint step of each in 1/60 s, drawn, training"
  ) { settings in try Stage.liveMidpoint.figures(settings) }

  /// The same with one evaluation.
  static let liveParticlesEuler = Benchmark(
    name: "live-particles-euler", summary: "the same with Euler steps"
  ) { settings in try Stage.liveEuler.figures(settings) }
}

/// Plays passes that take exactly one solver step a frame, with the trainer on its thread.
enum LiveStage {
  private static let frameSeconds = 1 / 60.0
  private static let steps = 20

  /// Looks for the number of particles whose frames take a sixtieth of a second: from `start`, each
  /// round takes the number that the last one's median suggests.
  static func measure(
    _ name: String, _ solver: ButcherTableau, start: Int, on terminal: inout NcursesTerminal,
    _ settings: BenchSettings
  ) -> [Figure] {
    var experiment = Experiment()
    experiment.steps = 1_000_000_000
    let lane = LaneSettings(solver, steps: steps)
    let trainer = BackgroundTrainer(
      experiment, dataset: DatasetCatalog.eightGaussians, solver: lane)
    defer { trainer.stop() }
    var count = start
    var possible: (wall: [Double], cpu: [Double]) = ([], [])
    for round in 0..<4 {
      var session = Stage.session(trainer, particles: count, solver: lane, on: terminal)
      let passes = round < 3 ? 2 : max(3, settings.repeats)
      let seconds = frames(&session, passes: passes, on: &terminal)
      // Work is nearly proportional to the number, and in the last round the factor nearly 1. What
      // the thread works leads, since that depends less on what else runs here.
      possible.wall = seconds.map { Double(count) * frameSeconds / $0.wall }
      possible.cpu = seconds.map { Double(count) * frameSeconds / $0.cpu }
      count = max(1000, Int(saturating: Spread(possible.cpu).median))
    }
    let operations =
      Double(solver.evaluationsPerStep) * experiment.shape.operations / frameSeconds
    return [
      Figure(
        name, Spread(possible.wall), unit: "particles", clock: .wall, operations: operations),
      Figure(name + "-cpu", Spread(possible.cpu), unit: "particles", operations: operations),
    ]
  }

  /// Seconds that a step and its frame take, as the mean over a pass, which has as many of both: a
  /// solve may run ahead of the frames, and all of its work counts.
  private static func frames(
    _ session: inout Session<BackgroundTrainer>, passes: Int, on terminal: inout NcursesTerminal
  ) -> [(wall: Double, cpu: Double)] {
    // Just under a step a frame, so that rounding never asks for two.
    let dt = 0.999 * Clock.secondsPerPass / Double(steps)
    var result: [(wall: Double, cpu: Double)] = []
    for pass in 0...passes {
      let (wall, cpu) = (Stopwatch.wallSeconds, Stopwatch.threadSeconds)
      _ = session.handle(.key(.character("0")))
      for _ in 0..<steps {
        _ = session.frame(dt)
        if session.draw() { terminal.present(session.screen) }
      }
      let frames = Double(steps)
      if pass > 0 {
        result.append(
          (
            (Stopwatch.wallSeconds - wall) / frames, (Stopwatch.threadSeconds - cpu) / frames
          ))
      }
    }
    return result
  }
}

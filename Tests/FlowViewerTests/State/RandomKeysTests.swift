import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Random keys")
struct RandomKeysTests {
  @Test(
    "Twenty thousand keys, resizes and clicks leave every setting inside its range",
    arguments: [1, 2, 3, 4] as [UInt64])
  func random(seed: UInt64) throws {
    var random = Random(seed: seed).stream("keys")
    var session = try session()
    let keys = KeyBindings.all.flatMap { $0.keys.map(\.key) } + [.enter, .up, .character("y")]
    for index in 0..<5000 {
      let key = keys[random.integer(below: keys.count)]
      if isCostly(key), random.integer(below: 30) > 0 { continue }
      if key == .character("P"), session.state.particleCount >= 1024 { continue }
      _ = session.handle(.key(key))
      if index % 7 == 0 { _ = session.handle(event(&random)) }
      if index % 50 == 0 { session.driver.train(steps: 5) }
      _ = session.frame(0.1 * random.uniform())
      if index % 20 == 0 { _ = session.draw() }
      try #require(isSane(session.state), "seed \(seed), key \(index), \(key.name)")
    }
    #expect(session.state.lanes.allSatisfy { $0.positions.isFinite })
  }

  /// Keys that make a new run, which takes longer than all the rest.
  private func isCostly(_ key: Key) -> Bool {
    [.character("d"), .character("D"), .character("R")].contains(key)
  }

  private func event(_ random: inout Random) -> Event {
    let (x, y) = (random.integer(below: 170), random.integer(below: 50))
    if random.integer(below: 3) == 0 {
      return .mouse(MouseEvent(action: .press, button: .left, x: x, y: y))
    }
    return .resize(Size(columns: x, rows: y))
  }

  private func session() throws -> Session<InlineTrainer> {
    var experiment = Experiment()
    experiment.widths = [8, 8]
    experiment.batch = 32
    var options = AppState.Options()
    options.particles = 256
    options.instructionSet = .baseline
    options.evaluationBudget = 1000
    options.adaptsBudget = false
    let dataset = try DatasetCatalog.named("8gaussians")
    let trainer = InlineTrainer(
      experiment, dataset: dataset, solver: options.solver, instructionSet: .baseline,
      stepsPerSecond: 100)
    let state = AppState(
      experiment: experiment, dataset: dataset, size: Size(columns: 80, rows: 24),
      options: options)
    return Session(state: state, driver: trainer, theme: Theme(depth: .direct), aspect: 2)
  }

  private func isSane(_ state: AppState) -> Bool {
    let clock = state.clock
    return (0...1).contains(clock.t) && (0...1).contains(clock.wanted)
      && (1 / 16...16).contains(clock.speed)
      && (1 << 8...1 << 20).contains(state.particleCount)
      && [1, 2, 4].contains(state.lanes.count) && state.lanes.indices.contains(state.focused)
      && state.lanes.allSatisfy { lane in
        (0...1).contains(lane.t) && (1...256).contains(lane.settings.steps)
          && (-9 ... -1).contains(lane.settings.toleranceExponent)
      }
      && state.filmFrames.count <= 11 && (state.nextDeadline ?? 0) >= 0
  }
}

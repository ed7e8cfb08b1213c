import FlowMatching
import Foundation
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Random keys")
struct RandomKeysTests {
  @Test(
    "Thousands of keys, resizes and clicks leave every setting inside its range",
    arguments: RandomKeysTests.isLong ? Array(1...10) : [1, 2, 3, 4] as [UInt64])
  func random(seed: UInt64) throws {
    var random = Random(seed: seed).stream("keys")
    var session = try session()
    let keys =
      KeyBindings.all.flatMap { $0.keys.map(\.key) }
      + [.enter, .up, .down, .left, .right, .backspace, .character("y"), .character("4")]
    for index in 0..<(Self.isLong ? 100_000 : 3000) {
      let key = keys[random.integer(below: keys.count)]
      if isCostly(key), random.integer(below: 30) > 0 { continue }
      if key == .character("P"), session.state.particleCount >= 1024 { continue }
      if key == .enter, restarts(session.state), random.integer(below: 30) > 0 { continue }
      _ = session.handle(.key(key))
      if index % 3 == 0 { _ = session.handle(event(&random)) }
      if index % 50 == 0 { session.driver.train(steps: 5) }
      _ = session.frame(0.1 * random.uniform())
      if index % 20 == 0 { _ = session.draw() }
      try #require(isSane(session.state), "seed \(seed), key \(index), \(key.name)")
    }
    #expect(session.state.lanes.all.allSatisfy { $0.positions.isFinite })
  }

  @Test("After a storm of resizes the picture is that of a fresh start")
  func storm() throws {
    var random = Random(seed: 7).stream("sizes")
    let count = ProcessInfo.processInfo.environment["FLOWSCOPE_LONG_TESTS"] == nil ? 300 : 5000
    var (stormy, calm) = (try session(), try session())
    for index in 0..<count {
      let size = Size(columns: random.integer(below: 220), rows: random.integer(below: 70))
      _ = stormy.handle(.resize(size))
      if index % 5 == 0 { _ = stormy.draw() }
    }
    _ = stormy.handle(.resize(Size(columns: 120, rows: 36)))
    _ = calm.handle(.resize(Size(columns: 120, rows: 36)))
    for _ in 0..<40 {
      _ = stormy.frame(0.02)
      _ = calm.frame(0.02)
    }
    _ = stormy.draw()
    _ = calm.draw()
    #expect(stormy.screen.picture == calm.screen.picture)
  }

  /// A hundred thousand keys for each of ten seeds take minutes: FLOWSCOPE_LONG_TESTS asks for them.
  private static let isLong = ProcessInfo.processInfo.environment["FLOWSCOPE_LONG_TESTS"] != nil

  /// Keys that make a new run, which takes longer than all the rest.
  private func isCostly(_ key: Key) -> Bool {
    [.character("y"), .character("R")].contains(key)
  }

  /// Whether Enter would begin a new run, or as many particles as make the test slow.
  private func restarts(_ state: AppState) -> Bool {
    switch state.dialogue.overlay {
    case .question, .datasets: return true
    case .palette(let palette):
      let hits = Palette.hits(palette.query, state)
      guard hits.indices.contains(palette.selection) else { return false }
      let title = hits[palette.selection].command.title
      return title.hasPrefix("Particles") || title.hasPrefix("Half")
    case .parameters: return true
    default: return false
    }
  }

  private func event(_ random: inout Random) -> Event {
    let (x, y) = (random.integer(below: 170), random.integer(below: 50))
    let actions: [MouseEvent.Action] = [.press, .release, .drag, .move, .wheelUp, .wheelDown]
    if random.integer(below: 4) > 0 {
      let action = actions[random.integer(below: actions.count)]
      return .mouse(MouseEvent(action: action, button: .left, x: x, y: y))
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
    let clock = state.playback.clock
    return (0...1).contains(clock.t) && (0...1).contains(clock.wanted)
      && (1 / 16...16).contains(clock.speed)
      && (1 << 8...1 << 20).contains(state.particleCount)
      && (1...4).contains(state.lanes.all.count)
      && state.lanes.all.indices.contains(state.lanes.focused)
      && state.lanes.all.allSatisfy { lane in
        (0...1).contains(lane.t) && (1...256).contains(lane.settings.steps)
          && (-9 ... -1).contains(lane.settings.toleranceExponent)
      }
      && state.window.viewports.allSatisfy {
        (0.5...64).contains($0.zoom) && (-1...1).contains($0.x) && (-1...1).contains($0.y)
      }
      && state.training.bookmarks.count <= AppState.bookmarkLimit
      && (0...1).contains(state.look.scenery.coordinate)
      && AppState.pairCounts.contains(state.look.scenery.pairs)
      && (state.particles.picked.map { $0 >= 0 } ?? true)
      && (0...256).contains(state.playback.pendingSteps)
      && state.playback.filmFrames.count <= 11 && (state.nextDeadline ?? 0) >= 0
  }
}

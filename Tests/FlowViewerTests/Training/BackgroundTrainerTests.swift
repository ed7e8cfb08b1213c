import FlowMatching
import Foundation
import Synchronization
import Testing

@testable import FlowViewer

private final class Counter: Sendable {
  let value = Mutex(0)
}

@Suite("The trainer's thread")
struct BackgroundTrainerTests {
  // More steps than a machine takes while another test keeps this one from looking.
  private func experiment(steps: Int = 1 << 50) -> Experiment {
    var experiment = Experiment()
    experiment.widths = [8]
    experiment.batch = 32
    experiment.steps = steps
    return experiment
  }

  /// A trainer that leaves the processor to others between its steps: these tests mostly wait for their turn.
  private func start(
    _ experiment: Experiment, willStep: (@Sendable (Int) -> Void)? = nil
  ) throws -> BackgroundTrainer {
    BackgroundTrainer(
      experiment, dataset: try DatasetCatalog.named("8gaussians"),
      solver: LaneSettings(.midpoint), instructionSet: .baseline,
      willStep: { step in
        Thread.sleep(forTimeInterval: 0.002)
        willStep?(step)
      })
  }

  /// Polls until the condition holds; false after so many polls, never after so much time, which a
  /// busy machine may spend elsewhere.
  private func eventually(_ condition: () -> Bool) async throws -> Bool {
    for _ in 0..<20_000 {
      if condition() { return true }
      try await Task.sleep(for: .milliseconds(1))
    }
    return false
  }

  /// Waits for a report that satisfies the condition.
  private func report(
    from trainer: BackgroundTrainer, where condition: (TrainingReport) -> Bool
  ) async throws -> TrainingReport? {
    var found: TrainingReport?
    _ = try await eventually {
      found = trainer.takeReport().flatMap { condition($0) ? $0 : nil }
      return found != nil
    }
    return found
  }

  @Test("It reports a growing number of steps, and each report once")
  func reports() async throws {
    let trainer = try start(experiment())
    defer { trainer.stop() }
    let first = try #require(try await report(from: trainer) { $0.step > 0 })
    let second = try #require(try await report(from: trainer) { _ in true })
    #expect(second.step > first.step)
    #expect(first.generation == 0 && first.status == .training)
    #expect(second.averageLoss != nil && second.lossFloor != nil)
    #expect(second.weights != first.weights)
  }

  @Test("Paused it makes no step, even when it is woken; resumed it goes on")
  func pause() async throws {
    let trainer = try start(experiment())
    defer { trainer.stop() }
    trainer.send(.setPaused(true))
    let paused = try #require(try await report(from: trainer) { $0.status == .paused })
    for _ in 0..<20 {
      trainer.send(.measureWith(LaneSettings(.euler, steps: 2)))
      let woken = try #require(try await report(from: trainer) { _ in true })
      #expect(woken.step == paused.step && woken.status == .paused)
      #expect(woken.stepsPerSecond == 0)
    }
    trainer.send(.setPaused(false))
    #expect(try await report(from: trainer) { $0.step > paused.step } != nil)
  }

  @Test("A restart begins at step 0 with its generation, and no older report follows")
  func restart() async throws {
    let starts = Counter()
    let trainer = try start(experiment()) { step in
      if step == 0 { starts.value.withLock { $0 += 1 } }
    }
    defer { trainer.stop() }
    let old = try #require(try await report(from: trainer) { $0.step > 300 })
    var other = experiment()
    other.dataset = "moons"
    trainer.send(.restart(other, generation: 7))
    let new = try #require(try await report(from: trainer) { $0.generation == 7 && $0.step > 0 })
    #expect(starts.value.withLock { $0 } == 2)
    #expect(new.lossFloor != old.lossFloor)
    for _ in 0..<5 {
      trainer.send(.setPaused(true))
      let next = try #require(try await report(from: trainer) { _ in true })
      #expect(next.generation == 7)
    }
  }

  @Test("The viewer drops what an older run still reports after a restart")
  func stale() throws {
    var replay = try smallReplay(steps: 5000)
    try replay.run("train 200")
    var state = replay.state
    let stale = state.training.report
    #expect(stale.step == 200)
    _ = state.update(.event(.key(.character("R"))))
    let effects = state.update(.event(.key(.character("y"))))
    let isRestart = effects.contains { effect in
      if case .trainer(.restart(_, data: nil, generation: stale.generation + 1)) = effect {
        true
      } else {
        false
      }
    }
    #expect(isRestart && state.training.report.step == 0)
    _ = state.update(.training(stale))
    #expect(state.training.report.step == 0)
    var fresh = stale
    fresh.generation += 1
    fresh.step = 3
    _ = state.update(.training(fresh))
    #expect(state.training.report.step == 3)
  }

  @Test("A distance is measured on the thread and named in the report")
  func distance() async throws {
    let trainer = try start(experiment())
    defer { trainer.stop() }
    var random = Random(seed: 3)
    let points = StandardNormal(dimension: 2).sample(count: 100, using: &random)
    trainer.send(.distance(DistanceRequest(id: 42, of: .lane(0), points: points)))
    let answer = try #require(try await report(from: trainer) { $0.distances[42] != nil })
    #expect(try #require(answer.distances[42]) > 0.5)
  }

  @Test("After its last step it rests and says so")
  func finished() async throws {
    let trainer = try start(experiment(steps: 40))
    defer { trainer.stop() }
    let last = try #require(try await report(from: trainer) { $0.status == .finished })
    #expect(last.step == 40 && last.measurements.last?.step == 40)
  }

  @Test(
    "Stopped, running or asleep, its thread ends and lets go of all it held",
    arguments: [true, false])
  func stop(asleep: Bool) async throws {
    final class Token: Sendable {
      let isGone: @Sendable () -> Void
      init(_ isGone: @escaping @Sendable () -> Void) { self.isGone = isGone }
      deinit { isGone() }
    }
    final class Flag: Sendable {
      let value = Mutex(false)
    }
    let flag = Flag()
    let trainer: BackgroundTrainer
    do {
      let token = Token { flag.value.withLock { $0 = true } }
      trainer = try start(experiment(steps: asleep ? 10 : 10_000_000)) { _ in
        withExtendedLifetime(token) {}
      }
    }
    #expect(
      try await report(from: trainer) { asleep ? $0.status == .finished : $0.step > 0 } != nil)
    #expect(!flag.value.withLock { $0 })
    trainer.stop()
    let isOver = try await eventually { flag.value.withLock { $0 } }
    #expect(isOver)
  }
}

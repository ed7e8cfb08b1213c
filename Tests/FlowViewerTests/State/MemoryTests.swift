import FlowMatching
import Testing

@testable import FlowViewer

@Suite("Memory of the trajectories")
struct MemoryTests {
  @Test(
    "All lanes together stay inside the budget, whatever particles and steps",
    arguments: [1, 2, 3, 4])
  func budget(lanes: Int) throws {
    var options = AppState.Options()
    options.trajectoryMemory = 1 << 20
    var replay = try smallReplay(particles: 2048, steps: 50, options: options)
    let split = PaneScenes.split(lanes: lanes)
    let finer = String(repeating: "N\n", count: 6)
    try replay.run("train 50\nT\n\(split)\(finer)Tab\n\(finer)End\nwait 0.2")
    let ensemble = replay.state.lanes.ensemble
    #expect(ensemble.lanes.count == lanes && ensemble.lanes.allSatisfy { $0.isOver })
    #expect(ensemble.lanes[0].settings.steps == 256)
    #expect(ensemble.lanes.map(\.trajectory.bytes).reduce(0, +) <= options.trajectoryMemory)
    #expect(ensemble.lanes[0].trajectory.isThinned)
    // Unthinned it would be far beyond.
    #expect(2048 * 16 * 257 > 8 * options.trajectoryMemory)
    let others = [ensemble.film] + (ensemble.reference.map { [$0] } ?? [])
    #expect(others.allSatisfy { $0.trajectory.bytes <= options.trajectoryMemory / lanes })
  }

  @Test("A thinned solve says so, and its last step is still the 256th")
  func says() throws {
    var options = AppState.Options()
    options.trajectoryMemory = 1 << 20
    var replay = try smallReplay(
      columns: 120, rows: 36, particles: 1024, steps: 50, options: options)
    try replay.run("train 50\nT\nEnd\nwait 1")
    #expect(!replay.text.contains("thinned"))
    try replay.run("N\nN\nN\nN\nwait 1.5")
    #expect(replay.text.contains("knots thinned"))
    #expect(replay.text.contains("step 256 of 256"))
  }
}

import FlowMatching
import Foundation
import Testing

@testable import FlowViewer

@Suite("The state in numbers")
struct SummaryTests {
  @Test("Clusters count the particles within three deviations of a centre, each at its nearest one")
  func clusters() throws {
    var replay = try smallReplay(particles: 2000, steps: 800, learningRate: 1e-2)
    try replay.run("train 800\nT\nEnd\nwait 2")
    let clusters = try #require(replay.state.summary.clusters)
    #expect(abs(clusters.radius - 0.6) < 0.02 && clusters.shares.count == 8)
    #expect(abs(clusters.shares.reduce(0, +) - 1) < 1e-12)
    // Eight centres on a circle: the nearest is the one whose sector a particle lies in.
    let centres = replay.state.dataset.centres
    var counts = [Int](repeating: 0, count: 8)
    let positions = replay.state.focusedLane.positions
    for j in 0..<positions.count {
      for (index, centre) in centres.enumerated() {
        let x = positions[0, j] - centre[0]
        let y = positions[1, j] - centre[1]
        if (x * x + y * y).squareRoot() <= clusters.radius { counts[index] += 1 }
      }
    }
    let total = counts.reduce(0, +)
    #expect(abs(clusters.near - Double(total) / 2000) < 1e-12)
    #expect(
      zip(clusters.shares, counts).allSatisfy { abs($0 - Double($1) / Double(total)) < 1e-12 })
  }

  @Test("Training brings particles to the clusters: more at t = 1 than at t = 0")
  func near() throws {
    var replay = try smallReplay(particles: 2000, steps: 800, learningRate: 1e-2)
    try replay.run("train 800\nT\nHome\nwait 1")
    let before = try #require(replay.state.summary.clusters).near
    try replay.run("End\nwait 1")
    let after = try #require(replay.state.summary.clusters).near
    #expect(after > 1.5 * before, "\(before) → \(after)")
  }

  @Test("Data without clusters have none")
  func none() throws {
    let without = DatasetCatalog.plane.filter(\.centres.isEmpty)
    #expect(!without.isEmpty)
    for dataset in without {
      #expect(try smallReplay(dataset: dataset.name).state.summary.clusters == nil)
    }
  }

  @Test("The numbers are those of the run and of the time shown")
  func numbers() throws {
    var replay = try smallReplay(steps: 500)
    try replay.run("train 500\n5\nwait 2")
    let summary = replay.state.summary
    #expect(summary.dataset == "8gaussians" && summary.seed == 0 && summary.particles == 256)
    #expect(summary.steps == 500 && summary.weightsStep == 500)
    #expect(summary.t == 0.5 && !summary.isPlaying)
    #expect(summary.lanes.map(\.solver) == ["midpoint 20"] && summary.lanes[0].nfe == 20)
    let floor = try #require(summary.floor)
    let known = try #require(replay.state.dataset.lossFloor)
    #expect(abs(floor - known) < 1e-12)
    let loss = try #require(summary.loss)
    #expect(loss > floor)
    let excess = try #require(summary.excessLoss)
    #expect(excess > 0)
    let w2 = try #require(summary.w2)
    let noiseFloor = try #require(summary.w2NoiseFloor)
    #expect(w2 > noiseFloor)
  }

  @Test("It is written as JSON and read back the same")
  func json() throws {
    var replay = try smallReplay(steps: 100)
    try replay.run("train 100\n|\n|\nEnd\nwait 2")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(replay.state.summary)
    let back = try JSONDecoder().decode(StateSummary.self, from: data)
    #expect(try encoder.encode(back) == data)
    #expect(back.lanes.count == 4 && back.lanes.allSatisfy { $0.endpointError != nil })
  }
}

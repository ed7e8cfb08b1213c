import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Lanes, what they are judged by, and what views compute, each by itself")
struct LanePartTests {
  private let experiment = Experiment()

  /// A single lane of a few particles along untrained weights.
  private func board(_ settings: LaneSettings = LaneSettings(.midpoint, steps: 20)) throws
    -> LaneBoard
  {
    let dataset = try DatasetCatalog.named(experiment.dataset)
    let scene = TargetScene(dataset, experiment)
    let noise = Particles.noise(index: 0, count: 16, from: scene.source, random: Random(seed: 1))
    let network = experiment.velocityField(
      of: Trainer.initialWeights(experiment), instructionSet: .baseline)
    let ensemble = Ensemble(
      LaneFields(network, experiment, dataset, scene), step: 0, noise: noise, lanes: [settings],
      focused: 0, memoryLimit: 1 << 22)
    return LaneBoard(ensemble, settings: settings, noise: noise)
  }

  @Test("A single lane and lanes side by side each remember how they solve")
  func remembered() throws {
    var lanes = try board()
    let compared = lanes.comparedSettings
    lanes.update(.set(LaneSettings(.rk4, steps: 3)))
    #expect(
      lanes.soloSettings == LaneSettings(.rk4, steps: 3) && lanes.comparedSettings == compared)
    #expect(lanes.ensemble.lanes[0].settings == lanes.soloSettings)
    lanes.update(.settle(solo: lanes.soloSettings, compared: [LaneSettings(.heun, steps: 5)]))
    #expect(lanes.comparedSettings[0] == LaneSettings(.heun, steps: 5))
    #expect(lanes.comparedSettings.dropFirst() == compared.dropFirst())
    lanes.update(.settle(solo: LaneSettings(.euler, steps: 2)))
    #expect(lanes.all[0].settings.solver.name == ButcherTableau.rk4.name)
    lanes.update(.obey)
    #expect(lanes.all[0].settings == LaneSettings(.euler, steps: 2))
  }

  @Test("Keys turn round the lanes, and of several lanes none obeys the single one's settings")
  func focus() throws {
    var lanes = try board()
    lanes.update(.split(lanes.comparedSettings))
    for (wanted, focused) in [(3, 3), (4, 0), (-1, 3)] {
      lanes.update(.focus(wanted))
      #expect(lanes.focused == focused)
    }
    let before = lanes.all.map(\.settings)
    lanes.update(.obey)
    #expect(lanes.all.map(\.settings) == before && lanes.isComparing)
    lanes.update(.split([lanes.soloSettings]))
    #expect(lanes.focused == 0 && !lanes.isComparing)
  }

  @Test("Weights are kept by number as long as a lane follows them")
  func kept() throws {
    var lanes = try board()
    let training = KeptTraining(experiment, step: 3, network: lanes.ensemble.network)
    lanes.update(.keep(training))
    lanes.update(.keep(training))
    #expect(lanes.kept.keys.sorted() == [0, 1] && lanes.nextKept == 2)
    lanes.update(
      .revise { settings in
        var settings = settings
        settings.training = .kept(1)
        return settings
      })
    lanes.update(.dropUnused)
    #expect(lanes.kept.keys.sorted() == [1])
    // A number is never given twice: a solve under way may still name it.
    lanes.update(.keep(training))
    #expect(lanes.kept.keys.sorted() == [1, 2])
  }

  @Test("Newer weights replace a picture when their solve is there, and never when it was given up")
  func succession() throws {
    var lanes = try board()
    var budget = 1 << 20
    lanes.advance(to: 1, leader: nil, budget: &budget)
    let newer = try board(LaneSettings(.euler, steps: 4)).ensemble
    lanes.update(.succeed(newer))
    lanes.update(.stay)
    let stayed = !lanes.advanceSuccessor(to: 1, leader: nil, budget: &budget)
    #expect(stayed && lanes.ensemble.lanes[0].settings.steps == 20)
    lanes.update(.succeed(newer))
    var nothing = 0
    let waited = !lanes.advanceSuccessor(to: 1, leader: nil, budget: &nothing)
    #expect(waited && lanes.successor != nil)
    let replaced = lanes.advanceSuccessor(to: 1, leader: nil, budget: &budget)
    #expect(replaced && lanes.successor == nil && lanes.ensemble.lanes[0].settings.steps == 4)
  }

  @Test("A distance is asked for, answered, and asked for anew")
  func judged() throws {
    var lanes = try board()
    lanes.update(.ask(7, lane: 0))
    #expect(lanes.all[0].judgement == .asked(7))
    let distance = JudgedDistance(w2: 0.5, weightsStep: 9)
    lanes.update(.answer(distance, lane: 0))
    #expect(lanes.all[0].judgement == .answered && lanes.all[0].distance == distance)
    lanes.update(.judge(forgetting: false))
    #expect(lanes.all[0].judgement == .due && lanes.all[0].distance == distance)
    lanes.update(.judge(forgetting: true))
    #expect(lanes.all[0].distance == nil)

    var studies = LaneStudies()
    studies.update(.ask(8))
    #expect(studies.exactJudgement == .asked(8))
    studies.update(.answer(distance))
    #expect(studies.exactDistance == distance && studies.exactJudgement == .answered)
    studies.update(.judge(forgetting: true))
    #expect(studies.exactDistance == nil && studies.exactJudgement == .due)
  }

  @Test("A study holds the lanes ten seconds at most and lets them go four after it is there")
  func studies() throws {
    let lanes = try board()
    let study = WorkPrecisionStudy(
      network: lanes.ensemble.network, step: 0,
      noise: Particles.noise(
        index: 0, count: 4, from: StandardNormal(dimension: 2), random: Random(seed: 1)),
      lanes: [LaneSettings(.euler, steps: 4)], trained: experiment.scheduler,
      wantedError: 0.01)
    var studies = LaneStudies()
    studies.update(.begin(study, now: 5, holds: false))
    #expect(studies.hold == 0 && studies.nextStudyTime == 8)
    studies.update(.begin(study, now: 5, holds: true))
    #expect(studies.hold == 15)
    var rounds = 0
    while studies.study?.isOver == false, rounds < 100_000 {
      var budget = 4096
      _ = studies.advance(now: 6, budget: &budget)
      rounds += 1
    }
    #expect(studies.shownStudy?.isComplete == true && studies.hold == 10)
    // Curves stay with their method, places with their weights.
    studies.update(.forgetStudy(keeping: [LaneSettings(.euler, steps: 9).curve]))
    #expect(studies.study == nil && studies.known?.places != nil)
    #expect(studies.shownStudy?.curves.count == 1)
    studies.update(.forgetStudy(keeping: []))
    #expect(studies.shownStudy?.curves.isEmpty == true)
    studies.update(.reference(error: 1e-6))
    studies.update(.forgetMeasurements)
    #expect(studies.known?.places == nil && studies.referenceSolveError == nil)
  }

  @Test("A grid of older weights stays until that of newer ones is complete; another solver's goes")
  func warps() throws {
    let network = try board().ensemble.network
    func solve(_ settings: LaneSettings, step: Int) -> Solve {
      Solve(
        network, carrying: .density, weightsStep: step, settings: settings,
        noise: DensityFlow.state(
          Batch(dimension: 2, values: [0, 1]), logDensity: [0]), memoryLimit: 1 << 20,
        chunkSize: 8)
    }
    let usual = LaneSettings(.midpoint, steps: 4)
    var probes = Probes(cross: (0, 0))
    probes.update(.warp(solve(usual, step: 1)))
    var budget = 1 << 20
    let moved = probes.advanceWarp(cost: 1, budget: &budget)
    #expect(moved && probes.warp?.isOver == true)
    probes.update(.warp(solve(usual, step: 2)))
    #expect(probes.warp?.weightsStep == 1 && probes.nextWarp?.weightsStep == 2)
    _ = probes.advanceWarp(cost: 1, budget: &budget)
    #expect(probes.warp?.weightsStep == 2 && probes.nextWarp == nil)
    probes.update(.warp(solve(LaneSettings(.euler, steps: 4), step: 2)))
    #expect(probes.warp?.isOver == false && probes.nextWarp == nil)
    probes.update(.cross(x: 3, y: 4))
    probes.update(.forget(now: 1))
    #expect(probes.warp == nil && probes.cross == (3, 4))
  }
}

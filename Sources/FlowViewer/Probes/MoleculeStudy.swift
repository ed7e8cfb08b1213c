import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What energies and distances a flow of four particles makes, and with which weights they would be right, beside
/// independent draws of what is right.
struct MoleculeStudy: SlicedWork {
  /// What it is a study of.
  struct Key: RenewedKey, Sendable, Hashable {
    var weightsStep: Int
    let generation: Int
  }

  /// Energies, and six distances of each molecule.
  struct Sample: Sendable {
    var energies: [Double] = []
    var distances: [Double] = []

    mutating func add(_ points: Batch) {
      energies += DoubleWells.energies(points)
      for j in 0..<points.count { distances += Molecule(points, j).distances }
    }
  }

  /// The molecules of the flow, those that were drawn, and the steps of the solve.
  static let (count, truthCount, steps) = (800, 4000, 12)

  let key: Key
  /// Independent draws.
  private(set) var truth: Sample
  /// What the flow made; nil until it has, and where it broke off.
  private(set) var model: Sample?
  /// Their weights.
  private(set) var reweighted: ReweightedSample?
  private(set) var isOver = false
  private var random = Random(seed: 17)
  private var running: any Transport
  private let density: DensityFlow

  /// A study of a flow from its source, with what was drawn for an earlier one.
  init(
    _ key: Key, _ flow: LearnedField, from source: any DensityDistribution, truth: Sample?
  ) {
    self.key = key
    self.truth = truth ?? Sample()
    density = DensityFlow(flow)
    var noise = Random(seed: 18)
    let x0 = source.sample(count: MoleculeStudy.count, using: &noise)
    let plan = TransportPlan(
      .rk4, control: .fixed(steps: MoleculeStudy.steps),
      chunkSize: Solve.chunkSizeWithDensity(for: flow.weights.shape))
    running = flow.transport(
      DensityFlow.state(x0, logDensity: source.logDensity(x0)), as: .density, from: 0, to: 1, plan)
  }

  mutating func advance(budget: inout Int) {
    while budget > 0, truth.energies.count < MoleculeStudy.truthCount {
      var draws = Batch(dimension: 8, count: 20)
      DoubleWells().sample(into: &draws, using: &random)
      truth.add(draws)
      budget -= 400
    }
    while budget > 0, running.status == .running {
      budget -= MoleculeStudy.costOfDivergence * running.advance(budget: budget)
    }
    guard truth.energies.count >= MoleculeStudy.truthCount, running.status != .running else {
      return
    }
    isOver = true
    guard running.status == .finished else { return }
    var sample = Sample()
    sample.add(density.points(running.state))
    model = sample
    reweighted = ReweightedSample(
      energies: sample.energies, logDensities: density.logDensity(running.state))
  }

  /// The tangents of six distances beside the value.
  private static let costOfDivergence = 7
}

/// One molecule: where its particles are, and how far from each other.
struct Molecule {
  let places: [SIMD2<Double>]
  /// Of the pairs (0,1) (0,2) (0,3) (1,2) (1,3) (2,3).
  let distances: [Double]

  static let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]

  /// Point j of an 8×n batch.
  init(_ points: Batch, _ j: Int) {
    let places = (0..<4).map { SIMD2(points[2 * $0, j], points[2 * $0 + 1, j]) }
    self.places = places
    distances = Molecule.pairs.map { pair in
      let way = places[pair.0] - places[pair.1]
      return (way * way).sum().squareRoot()
    }
  }

  var energy: Double { distances.reduce(0) { $0 + DoubleWells.pairEnergy($1) } }
}

extension AppState {
  /// Whether four particles in the plane are on show.
  var showsMolecules: Bool { dataset.isOfParticles && experiment.dimension == 8 }

  /// What is known of the molecules of the weights on show, maybe of older ones.
  var moleculeStudy: MoleculeStudy? { probes.molecules.shown }

  /// The step of the weights that the study is of, where those on show are others.
  var olderMoleculeStep: Int? {
    guard let step = moleculeStudy?.key.weightsStep, step != shownWeightsStep else { return nil }
    return step
  }

  private var moleculeKey: MoleculeStudy.Key {
    MoleculeStudy.Key(
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation)
  }

  private var wantsMolecules: Bool {
    showsMolecules
      && [PaneName.energies, .pairDistances, .moleculeVerdict].contains {
        layout.rect(of: $0) != nil
      }
  }

  /// At once while a study is at work; one of newer weights waits for its time.
  var moleculeDelay: Double? {
    if probes.molecules.running != nil { return 0 }
    guard wantsMolecules, probes.molecules.shown?.key != moleculeKey else { return nil }
    return max(0, probes.molecules.nextTime - now)
  }

  mutating func advanceMolecules(_ budget: inout Int) {
    guard wantsMolecules else { return }
    let key = moleculeKey
    if probes.molecules.running == nil, probes.molecules.shown?.key != key,
      now >= probes.molecules.nextTime,
      let source = scene.source as? any DensityDistribution
    {
      let study = MoleculeStudy(
        key, shownNetwork, from: source, truth: probes.molecules.shown?.truth)
      probes.update(.molecules(study, until: now + 6))
    }
    // Numbers of training wait for what moves.
    guard !playback.clock.isPlaying || lanes.ensemble.isOver else { return }
    if probes.advanceMolecules(budget: &budget) { revision += 1 }
  }
}

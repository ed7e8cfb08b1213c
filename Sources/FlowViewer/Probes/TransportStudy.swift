import FlowMatching

/// The semidiscrete transport that training pairs by, learned once more beside the screen: its cells, the proof,
/// and what batches pay.
struct TransportStudy: KeyedWork {
  /// What it is of: no weights, so that it is done once.
  struct Key: RenewedKey, Hashable {
    var weightsStep = 0
    let generation: Int
    let dataset: String
    let limit: Double
    let seed: UInt64
  }

  let key: Key
  private(set) var learning: SemidiscreteLearning
  private(set) var ladder: BatchTransportLadder?
  /// The mean place of the source in every cell; nil where no draw fell into it.
  private(set) var means: [(x: Double, y: Double)?] = []
  /// The comparisons of a draw with a point that take as long as one evaluation of a network.
  private static let comparisons = 300
  private static let meanDraws = 1 << 14

  /// A study that has not begun.
  init(_ key: Key, _ learning: SemidiscreteLearning) {
    self.key = key
    self.learning = learning
  }

  /// What was learned; nil until it is.
  var plan: SemidiscretePlan? { learning.plan }
  var isOver: Bool { ladder?.isOver ?? false }

  mutating func advance(budget: inout Int) {
    var comparisons = min(max(0, budget), 1 << 24) * TransportStudy.comparisons
    let before = comparisons
    if !learning.isOver {
      learning.advance(budget: &comparisons)
    } else if let plan {
      if ladder == nil {
        ladder = BatchTransportLadder(to: plan.cells, seed: key.seed)
        findMeans(plan)
      }
      ladder?.advance(budget: &comparisons)
    }
    budget -= max(1, (before - comparisons) / TransportStudy.comparisons)
  }

  private mutating func findMeans(_ plan: SemidiscretePlan) {
    var random = Random(seed: key.seed).stream("means of cells")
    let x = StandardNormal(dimension: 2).sample(count: Self.meanDraws, using: &random)
    var sums = [(x: Double, y: Double, count: Double)](
      repeating: (0, 0, 0), count: plan.cells.count)
    for (j, cell) in plan.cells.cells(of: x).enumerated() {
      sums[cell].x += x[0, j]
      sums[cell].y += x[1, j]
      sums[cell].count += 1
    }
    means = sums.map { $0.count > 0 ? ($0.x / $0.count, $0.y / $0.count) : nil }
  }
}

extension AppState {
  /// Whether the coupling view shows the cells of a semidiscrete transport.
  var showsTransport: Bool { transportKey != nil }

  private var transportKey: TransportStudy.Key? {
    guard look.scenery.view == .coupling, case .semidiscrete(let limit) = experiment.coupling,
      turning == nil, scene.axes == nil, !isComparing
    else { return nil }
    return TransportStudy.Key(
      generation: training.generation, dataset: dataset.name, limit: limit, seed: experiment.seed)
  }

  /// What is known of it, or is being found.
  var transport: TransportStudy? {
    guard let key = transportKey else { return nil }
    if let shown = probes.transport.shown, shown.key == key { return shown }
    return probes.transport.running.flatMap { $0.key == key ? $0 : nil }
  }

  /// At once while it is being found.
  var transportDelay: Double? {
    transportKey.flatMap { probes.transport.delay(for: $0, now: now) }
  }

  /// Works on it.
  mutating func advanceTransport(_ budget: inout Int) {
    guard let key = transportKey else { return }
    if probes.transport.wants(key, now: now),
      let learning = experiment.semidiscreteLearning(to: dataset)
    {
      probes.update(.transport(TransportStudy(key, learning), until: now))
    }
    let before = (transport?.learning.rounds, transport?.ladder?.rungs.count)
    _ = probes.advanceTransport(budget: &budget)
    if before != (transport?.learning.rounds, transport?.ladder?.rungs.count) { revision += 1 }
  }
}

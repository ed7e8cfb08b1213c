/// One transport after another, each along a flow of its own from where the last one ended.
///
/// Fixed steps are shared so that the largest is as small as can be, one at least for each piece; noise
/// goes on from the stream of the piece before by a name of its own.
struct PiecewiseTransport: Transport {
  /// A part of the way.
  struct Piece: Sendable {
    let flow: any Flow
    /// The time at which it ends.
    let end: Double
    /// How many fields an evaluation asks.
    let price: Int
  }

  private let pieces: [Piece]
  private let cargo: Cargo
  private let plan: TransportPlan
  private let start: Double
  private let shares: [Int]
  private var index = 0
  private var current: any Transport
  /// What the pieces before have taken.
  private var (stepsBefore, evaluationsBefore) = (0, 0)
  private var attemptsBefore: [StepAttempt] = []
  private var reachedBefore: Double?

  /// The transport of a state through at least one piece.
  init(
    _ pieces: [Piece], _ state: Batch, as cargo: Cargo, from start: Double, _ plan: TransportPlan
  ) {
    self.pieces = pieces
    self.cargo = cargo
    self.plan = plan
    self.start = start
    let steps: Int? =
      if let noise = plan.noise {
        noise.steps
      } else if case .fixed(let steps) = plan.control { steps } else { nil }
    shares = PiecewiseTransport.shares(steps, from: start, pieces.map(\.end))
    current = pieces[0].flow.transport(
      state, as: cargo, from: start, to: pieces[0].end,
      PiecewiseTransport.plan(plan, piece: 0, steps: shares.first))
  }

  /// The fixed steps of each piece; none where steps are chosen.
  private static func shares(_ steps: Int?, from start: Double, _ ends: [Double]) -> [Int] {
    guard let steps else { return [] }
    let lengths = zip([start] + ends, ends).map { abs($1 - $0) }
    var counts = [Int](repeating: 1, count: ends.count)
    for _ in 0..<max(0, steps - ends.count) {
      let longest = counts.indices.max {
        lengths[$0] / Double(counts[$0]) < lengths[$1] / Double(counts[$1])
      }
      counts[longest ?? 0] += 1
    }
    return counts
  }

  private static func plan(_ plan: TransportPlan, piece: Int, steps: Int?) -> TransportPlan {
    guard let steps else { return plan }
    var own = plan
    if let noise = plan.noise {
      own.noise = AddedNoise(
        noise.stepper, noise.schedule, steps: steps, scheduler: noise.scheduler,
        random: piece == 0 ? noise.random : noise.random.stream("piece \(piece)"))
    } else {
      own.control = .fixed(steps: steps)
    }
    return own
  }

  var t: Double { current.t }
  var state: Batch { current.state }
  var velocity: Batch? { current.velocity }
  var knot: Knot? { current.knot }
  var steps: Int { stepsBefore + current.steps }
  var attempts: [StepAttempt] { attemptsBefore + current.attempts }
  var evaluations: Int { evaluationsBefore + pieces[index].price * current.evaluations }
  var lostCount: Int { current.lostCount }
  var toleranceReached: Double? {
    [reachedBefore, current.toleranceReached].compactMap { $0 }.max()
  }

  var status: Integrator.Status {
    current.status == .finished && index < pieces.count - 1 ? .running : current.status
  }

  var progress: Double {
    let way = pieces[pieces.count - 1].end - start
    let from = index == 0 ? start : pieces[index - 1].end
    return way == 0 ? 1 : (from - start + current.progress * (pieces[index].end - from)) / way
  }

  var totalEvaluations: Int {
    let now = evaluationsBefore + pieces[index].price * current.totalEvaluations
    guard status == .running, !shares.isEmpty else { return now }
    let perStep = current.totalEvaluations / max(1, shares[index])
    return now
      + (index + 1..<pieces.count).reduce(0) { $0 + pieces[$1].price * perStep * shares[$1] }
  }

  mutating func advance(budget: Int) -> Int {
    guard status == .running else { return 0 }
    if current.status == .finished { begin() }
    return pieces[index].price * current.advance(budget: max(1, budget / pieces[index].price))
  }

  /// Goes on with the next piece.
  private mutating func begin() {
    stepsBefore += current.steps
    evaluationsBefore += pieces[index].price * current.evaluations
    attemptsBefore += current.attempts
    reachedBefore = toleranceReached
    index += 1
    current = pieces[index].flow.transport(
      current.state, as: cargo, from: pieces[index - 1].end, to: pieces[index].end,
      PiecewiseTransport.plan(plan, piece: index, steps: shares.isEmpty ? nil : shares[index]))
  }
}

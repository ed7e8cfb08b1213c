import Kernels

/// Solves one assignment after the other, for minibatch couplings: no allocation from the second
/// problem of a size on.
public struct Matcher: Sendable {
  private var kernel: AssignmentKernel

  /// A matcher that has matched nothing yet.
  public init(instructionSet: InstructionSet = .best) {
    kernel = AssignmentKernel(instructionSet: instructionSet)
  }

  /// Point `i` of the first cloud goes with point `permutation[i]` of the second.
  public var permutation: [Int] { kernel.columnOfRow }
  /// The duals of the first cloud's points: see `Assignment`.
  public var rowDuals: [Double] { kernel.rowDuals }
  /// The duals of the second cloud's points.
  public var columnDuals: [Double] { kernel.columnDuals }

  /// Finds the cheapest matching under squared Euclidean cost of two batches of equal shape.
  public mutating func match(_ a: Batch, _ b: Batch) {
    check(a, b)
    kernel.solve(dimension: a.dimension, from: a.values, to: b.values)
  }

  /// As above, from given duals of the second cloud: those of nearly the same clouds save most of the
  /// time, and bad ones lose some; the cost is the same.
  public mutating func match(_ a: Batch, _ b: Batch, startingFrom columnDuals: [Double]) {
    check(a, b)
    precondition(columnDuals.allSatisfy(\.isFinite), "an assignment needs finite duals")
    kernel.solve(
      dimension: a.dimension, from: a.values, to: b.values, startingFrom: columnDuals)
  }

  /// As above, from the potential of another problem: for batches of the same two distributions.
  /// It saves about a sixth of the time between broad clouds; between clusters it can cost some, since their
  /// prices differ by how many points of a batch each has.
  public mutating func match(_ a: Batch, _ b: Batch, after potential: TransportPotential) {
    check(a, b)
    precondition(a.dimension == potential.points.dimension, "a potential of the same space")
    kernel.solve(
      dimension: a.dimension, from: a.values, to: b.values, after: potential.points.values,
      duals: potential.values)
  }

  /// The work that the last problem took, in blocks of 32 points that another was compared with.
  var work: Int { kernel.blocksSeen }

  /// The sum of the squared distances of the pairs of the last problem, always in the same order.
  public func cost(_ a: Batch, _ b: Batch) -> Double {
    var cost = 0.0
    for i in 0..<a.count {
      for k in 0..<a.dimension {
        let difference = a[k, i] - b[k, permutation[i]]
        cost += difference * difference
      }
    }
    return cost
  }

  /// Whether the points and the sum of their squares are finite, as a matching needs.
  ///
  /// Points of 1e160 are finite, and their squared distances are not.
  public static func canMatch(_ a: Batch, _ b: Batch) -> Bool {
    var size = 0.0
    for value in a.values { size += value * value }
    for value in b.values { size += value * value }
    // A squared distance is at most twice the sum of both squares.
    return (4 * size).isFinite
  }

  private func check(_ a: Batch, _ b: Batch) {
    precondition(a.hasShape(of: b), "an assignment needs clouds of equal shape")
    precondition(Matcher.canMatch(a, b), "an assignment needs finite points")
  }
}

/// What a solved assignment knows of every other between the same two distributions: the potential f of points of
/// the first, whose conjugate minᵢ |aᵢ − b|² − fᵢ is near the dual of any point b of the second.
public struct TransportPotential: Sendable {
  /// The points a, `d×m`.
  let points: Batch
  /// The potential at each.
  let values: [Double]

  /// How many points are enough: more cost more than they save.
  static let count = 128

  /// The potential of draws of two distributions of the same dimension; nil where they cannot be matched.
  init?(
    from source: any Distribution, to target: any Distribution, random: Random,
    instructionSet: InstructionSet = .best
  ) {
    var (first, second) = (random.stream("potential source"), random.stream("potential target"))
    let a = source.sample(count: TransportPotential.count, using: &first)
    let b = target.sample(count: TransportPotential.count, using: &second)
    guard a.hasShape(of: b), Matcher.canMatch(a, b) else { return nil }
    var matcher = Matcher(instructionSet: instructionSet)
    matcher.match(a, b)
    (points, values) = (a, matcher.rowDuals)
  }

  /// The potential where batches of `batch` points, at most 512, are matched with less work from it than from
  /// nothing; else nil, and without a trial for batches no larger than the kept points.
  ///
  /// Work is counted, not timed, so that an experiment starts the same way each time.
  static func ifItSaves(
    from source: any Distribution, to target: any Distribution, batch: Int, random: Random,
    instructionSet: InstructionSet = .best
  ) -> TransportPotential? {
    let count = min(batch, 512)
    guard count > TransportPotential.count,
      let potential = TransportPotential(
        from: source, to: target, random: random, instructionSet: instructionSet)
    else { return nil }
    var (first, second) = (random.stream("trial source"), random.stream("trial target"))
    var matcher = Matcher(instructionSet: instructionSet)
    var (cold, warm) = (0, 0)
    for _ in 0..<3 {
      let a = source.sample(count: count, using: &first)
      let b = target.sample(count: count, using: &second)
      guard Matcher.canMatch(a, b) else { return nil }
      matcher.match(a, b)
      cold += matcher.work
      matcher.match(a, b, after: potential)
      warm += matcher.work
    }
    return warm < cold ? potential : nil
  }
}

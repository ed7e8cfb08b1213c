import FlowMatching

/// A minibatch of pairs (x₀, x₁): as they were drawn, and matched at least cost.
struct PairSample: Sendable {
  /// What a sample of pairs belongs to.
  struct Key: Sendable, Hashable {
    let dataset, source: String
    let count: Int
    let index: Int
    let seed: UInt64
  }

  /// One way to pair the same points.
  struct Matching: Sendable {
    let title: String
    /// Point `j` of the source goes to point `partner[j]` of the data.
    let partner: [Int]
    /// The mean of |x₁ − x₀|².
    let cost: Double
    /// How many of the segments cross, of all pairs of segments.
    let crossings: Int
  }

  let source, data: Batch
  let matchings: [Matching]

  /// The `index`-th minibatch of `count` pairs of a seed.
  init(
    from start: any Distribution, to dataset: Dataset, count: Int, index: Int, seed: UInt64,
    instructionSet: InstructionSet
  ) {
    var random = Random(seed: seed).stream("pairs \(index)")
    let source = start.sample(count: count, using: &random)
    let data = dataset.distribution.sample(count: count, using: &random)
    self.source = source
    self.data = data
    if let space = dataset.space {
      matchings = PairSample.geodesic(source, data, on: space)
      return
    }
    var matcher = Matcher(instructionSet: instructionSet)
    // Squares of points of 1e160 are no numbers: then the pairs stay as they were drawn.
    let canMatch = Matcher.canMatch(source, data)
    if canMatch { matcher.match(source, data) }
    let best = canMatch ? matcher.permutation : Array(0..<count)
    matchings = [("independent", Array(0..<count)), ("optimal transport", best)]
      .map { title, partner in
        Matching(
          title: title, partner: partner, cost: PairSample.cost(source, data, partner),
          crossings: PairSample.crossings(source, data, partner))
      }
  }

  /// Both ways by the squared distances of a curved space; of crossings nobody asks there.
  private static func geodesic(
    _ source: Batch, _ data: Batch, on space: any Space
  ) -> [Matching] {
    var random = Random(seed: 0)
    var (starts, ends) = (source, data)
    var transport = GeodesicTransport(on: space)
    transport.pair(&starts, &ends, using: &random)
    // The pairing sorts points: each is found again where it is.
    var places: [[Double]: Int] = [:]
    for k in 0..<data.count { places[data.point(k)] = k }
    let best = (0..<ends.count).map { places[ends.point($0)] ?? $0 }
    return [("independent", Array(0..<source.count)), ("optimal transport", best)].map {
      title, partner in
      let matched = Batch(points: partner.map(data.point))
      let squares = space.squaredDistances(source, matched)
      return Matching(
        title: title, partner: partner,
        cost: squares.reduce(0, +) / Double(max(1, squares.count)), crossings: 0)
    }
  }

  private static func cost(_ source: Batch, _ data: Batch, _ partner: [Int]) -> Double {
    var sum = 0.0
    for (j, k) in partner.enumerated() {
      for i in 0..<source.dimension {
        sum += (data[i, k] - source[i, j]) * (data[i, k] - source[i, j])
      }
    }
    return sum / Double(max(1, partner.count))
  }

  /// How many pairs of segments have a point in common inside both.
  static func crossings(_ source: Batch, _ data: Batch, _ partner: [Int]) -> Int {
    func side(_ ax: Double, _ ay: Double, _ bx: Double, _ by: Double, _ x: Double, _ y: Double)
      -> Double
    { (bx - ax) * (y - ay) - (by - ay) * (x - ax) }
    var count = 0
    for (i, p) in partner.enumerated() {
      let (ax, ay, bx, by) = (source[0, i], source[1, i], data[0, p], data[1, p])
      for j in i + 1..<max(i + 1, partner.count) {
        let q = partner[j]
        let (cx, cy, dx, dy) = (source[0, j], source[1, j], data[0, q], data[1, q])
        let first = side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy)
        let second = side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by)
        if first < 0, second < 0 { count += 1 }
      }
    }
    return count
  }
}

extension AppState {
  /// Sizes of a minibatch that the coupling view offers.
  static let pairCounts = [16, 32, 64, 256]

  /// Draws the minibatch of the coupling view, if another is asked for.
  mutating func drawPairs() {
    guard look.scenery.view == .coupling else { return }
    let key = PairSample.Key(
      dataset: dataset.name, source: experiment.source, count: look.scenery.pairs,
      index: particles.noiseIndex,
      seed: experiment.seed)
    guard probes.pairKey != key else { return }
    let pairs = PairSample(
      from: scene.source, to: dataset, count: key.count, index: key.index, seed: key.seed,
      instructionSet: options.instructionSet)
    probes.update(.pairs(pairs, key))
    revision += 1
  }
}

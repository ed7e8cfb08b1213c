/// The cells of a semidiscrete transport: x₀ belongs to the point xᵢ with the greatest ⟨x₀, xᵢ⟩ + hᵢ, where
/// hᵢ = gᵢ − ½|xᵢ|² (Aurenhammer, Hoffmann and Aronov, 1998; Peyré and Cuturi, 2019, §5.2).
///
/// Whatever the h, the map x₀ ↦ xᵢ is the optimal transport between the source and the masses that its cells
/// have; with the right h these are the points' weights. Inside, points are measured from their mean in units
/// of their spread, which changes no cell: data about 1000 with a spread of 0.001 loses no digit.
public struct LaguerreCells: Sendable, Hashable {
  /// The points and their weights.
  public let target: WeightedPoints
  /// The mean of the points, by their weights, and their root mean square distance from it a coordinate.
  public let mean: [Double]
  public let scale: Double
  /// Cells that are near each other stand together: the place of each, and whose place each is.
  private let places, order: [Int]
  /// yᵢ = (xᵢ − mean)/scale in the order of places, eight a block, a row of blocks for each coordinate; the last
  /// ones are padded.
  private let blocks: [SIMD8<Double>]
  /// hᵢ in those units; −∞ in the padding, where no point belongs.
  private var offsets: [SIMD8<Double>]
  private let blockCount: Int
  /// What no score of a group of cells exceeds, by which most groups need not be looked at.
  private var bounds: ScoreBounds

  /// The cells of points about which nothing was learned: right where the points are spread as N(0, I) is, up
  /// to a scale.
  public init(_ target: WeightedPoints) {
    let (d, n) = (target.dimension, target.count)
    self.target = target
    let mean = (0..<d).map { k in
      (0..<n).reduce(0) { $0 + target.weights[$1] * target.points[k, $1] }
    }
    var square = 0.0
    for i in 0..<n {
      for k in 0..<d {
        let away = target.points[k, i] - mean[k]
        square += target.weights[i] * away * away / Double(d)
      }
    }
    self.mean = mean
    // A single point has no spread, and any unit will do.
    scale = square > 0 ? square.squareRoot() : 1
    blockCount = (n + 7) / 8
    order = SpatialOrder.of(target.points)
    var places = [Int](repeating: 0, count: n)
    for (place, cell) in order.enumerated() { places[cell] = place }
    self.places = places
    var blocks = [SIMD8<Double>](repeating: SIMD8(), count: d * blockCount)
    var offsets = [SIMD8<Double>](repeating: SIMD8(repeating: -.infinity), count: blockCount)
    for i in 0..<n {
      var half = 0.0
      let place = places[i]
      for k in 0..<d {
        let y = (target.points[k, i] - mean[k]) / scale
        blocks[k * blockCount + place / 8][place % 8] = y
        half += 0.5 * y * y
      }
      offsets[place / 8][place % 8] = -half
    }
    self.blocks = blocks
    self.offsets = offsets
    bounds = ScoreBounds(blocks, dimension: d, count: n)
    bounds.update(blocks, offsets)
  }

  /// The number of cells, and the dimension of the points.
  public var count: Int { target.count }
  public var dimension: Int { target.dimension }

  /// hᵢ in units of the spread; a constant that is added to all changes nothing.
  var heights: [Double] {
    get { places.map { offsets[$0 / 8][$0 % 8] } }
    set {
      for (cell, place) in places.enumerated() { offsets[place / 8][place % 8] = newValue[cell] }
      bounds.update(blocks, offsets)
    }
  }

  /// The potentials gᵢ of the scores ⟨x₀, xᵢ⟩ − ½|xᵢ|² + gᵢ in units of the data, of weighted mean 0.
  public var potentials: [Double] {
    let heights = heights
    let raw = (0..<count).map { i in
      (0..<dimension).reduce(scale * heights[i]) { sum, k in
        let (y, m) = (target.points[k, i] - mean[k], mean[k])
        // ⟨x₀, xᵢ⟩ is ⟨x₀, xᵢ − m⟩ and what all cells have in common; ½|xᵢ|² − ½|m|² likewise.
        return sum + 0.5 * y * y + y * m
      }
    }
    let average = zip(raw, target.weights).reduce(0) { $0 + $1.0 * $1.1 }
    return raw.map { $0 - average }
  }

  /// yᵢ, a coordinate of a point in units of the spread.
  func place(_ coordinate: Int, of cell: Int) -> Double {
    let place = places[cell]
    return blocks[coordinate * blockCount + place / 8][place % 8]
  }

  /// ⟨x₀, yᵢ⟩ + hᵢ of eight cells.
  @inline(__always)
  private func scores(_ point: [Double], _ block: Int) -> SIMD8<Double> {
    var sum = offsets[block]
    for k in 0..<point.count { sum += point[k] * blocks[k * blockCount + block] }
    return sum
  }

  /// The cell of a point of the source, and its ⟨x₀, yᵢ⟩ + hᵢ; `room` is memory for a bound of every group.
  private func best(at point: [Double], _ room: inout [SIMD8<Double>]) -> (
    cell: Int, score: Double
  ) {
    let first = bounds.evaluate(at: point, into: &room)
    var (best, place) = (-Double.infinity, 0)
    func look(_ group: Int) {
      for block in bounds.blocks(of: group) {
        let eight = scores(point, block)
        let value = eight.max()
        if value > best {
          best = value
          for lane in 0..<8 where eight[lane] == value { place = 8 * block + lane }
        }
      }
    }
    look(first)
    for (index, eight) in room.enumerated() where eight.max() > best {
      for lane in 0..<8 where eight[lane] > best && 8 * index + lane != first {
        look(8 * index + lane)
      }
    }
    return (order[min(place, order.count - 1)], best)
  }

  /// The cells of `d×m` points of the source, and their scores where those are asked for.
  func assign(_ x: Batch, into cells: inout [Int], _ scores: inout [Double]) {
    let m = x.count
    if cells.count != m { cells = [Int](repeating: 0, count: m) }
    if scores.count != m { scores = [Double](repeating: 0, count: m) }
    var point = [Double](repeating: 0, count: dimension)
    var room: [SIMD8<Double>] = []
    for j in 0..<m {
      for k in 0..<dimension { point[k] = x.values[k * m + j] }
      (cells[j], scores[j]) = best(at: point, &room)
    }
  }

  /// The cell of every point of a `d×m` batch of the source.
  public func cells(of x: Batch) -> [Int] {
    precondition(x.dimension == dimension, "the points have another dimension")
    var (cells, scores) = ([Int](), [Double]())
    assign(x, into: &cells, &scores)
    return cells
  }

  /// E|x₀|² + E|x₁|² for x₀ ~ N(0, I): what a pairing costs beside −2E⟨x₀, x₁⟩.
  var squares: Double {
    var sum = Double(dimension)
    for i in 0..<count {
      for k in 0..<dimension {
        sum += target.weights[i] * target.points[k, i] * target.points[k, i]
      }
    }
    return sum
  }
}

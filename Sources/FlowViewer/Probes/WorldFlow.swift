import FlowMatching

/// The particles of an exact world: solved piece by piece, so that a frame waits for none of them.
///
/// Every piece is carried to t = 1 by itself. When the world changes, pieces are solved again in turn, the
/// oldest first, and each is shown as it was until it is there: `share` says how many are of the present world.
struct WorldFlow: Sendable {
  /// What the particles follow.
  struct Key: Sendable, Hashable {
    let version: Int
    let settings: LaneSettings
  }

  /// Which noise the particles start from.
  struct Origin: Sendable, Hashable {
    let noise, count, generation: Int
  }

  private(set) var key: Key
  let origin: Origin
  /// Where the particles start.
  let noise: Batch
  /// The particles as drawn, `2×n`; those that were never solved stand where they start.
  private(set) var positions: Batch
  /// The time of `positions`.
  private(set) var t: Double
  private var pieces: [Piece]
  private var running: (piece: Int, solve: Solve, key: Key)?
  private let size: Int

  private struct Piece: Sendable {
    var solve: Solve?
    var key: Key?
    /// Of |x₁ − x₀|²: how many, their sum, and that of their squares.
    var moved = (count: 0, sum: 0.0, squares: 0.0)
  }

  /// Point evaluations of a piece, about: some of them fit into a frame.
  private static let work = 12_000
  /// Bytes that all trajectories together may hold.
  private static let memory = 96 << 20

  /// Particles that stand where they start; an evaluation costs `cost` of a common network's.
  init(_ key: Key, _ origin: Origin, noise: Batch, at t: Double, cost: Int) {
    self.origin = origin
    (self.key, self.noise, self.t) = (key, noise, t)
    positions = noise
    let evaluations =
      key.settings.isAdaptive ? 60 : key.settings.steps * key.settings.evaluationsPerStep
    size = min(1024, max(64, WorldFlow.work / max(1, cost * evaluations) / 32 * 32))
    pieces = [Piece](repeating: Piece(), count: max(1, (noise.count + size - 1) / size))
  }

  /// The share of the particles that are of the present world.
  var share: Double {
    let fresh = pieces.indices.reduce(0) { $0 + (pieces[$1].key == key ? range($1).count : 0) }
    return Double(fresh) / Double(max(1, noise.count))
  }

  var isFresh: Bool { pieces.allSatisfy { $0.key == key } }

  /// The first piece's solve, of the steps and the film; the first particles are those of every film.
  var film: Solve? { pieces[0].solve }

  /// E|x₁ − x₀|² along the flow, from the particles of the present world; nil before there are any.
  var cost: Estimate? {
    var (n, sum, squares) = (0.0, 0.0, 0.0)
    for piece in pieces where piece.key == key {
      n += Double(piece.moved.count)
      sum += piece.moved.sum
      squares += piece.moved.squares
    }
    guard n > 1 else { return nil }
    let mean = sum / n
    return Estimate(
      mean: mean, standardError: (max(0, squares / n - mean * mean) / (n - 1)).squareRoot())
  }

  /// Follows another world, or other steps.
  mutating func follow(_ key: Key) { self.key = key }

  /// Shows another time.
  mutating func show(at t: Double) {
    guard t != self.t else { return }
    self.t = t
    for index in pieces.indices { place(index) }
  }

  /// Solves on within a budget of evaluations; true where a piece is there.
  mutating func advance(budget: inout Int, solve make: (Batch) -> Solve) -> Bool {
    var isNew = false
    while budget > 0 {
      if running == nil {
        guard let next = stalest else { break }
        running = (next, make(noise.points(range(next))), key)
      }
      guard var work = running.take() else { break }
      work.solve.advance(to: 1, budget: &budget)
      guard work.solve.isOver else {
        running = work
        break
      }
      take(work.solve, work.piece, work.key)
      isNew = true
    }
    return isNew
  }

  /// The piece whose world is the oldest; nil where all are of the present one.
  private var stalest: Int? {
    let open = pieces.indices.filter { pieces[$0].key != key }
    return open.min { (pieces[$0].key?.version ?? -1, $0) < (pieces[$1].key?.version ?? -1, $1) }
  }

  private mutating func take(_ solve: Solve, _ index: Int, _ key: Key) {
    pieces[index].solve = solve
    pieces[index].key = key
    let (start, end) = (noise.points(range(index)), solve.end)
    var moved = (count: 0, sum: 0.0, squares: 0.0)
    for j in 0..<end.count {
      let (x, y) = (end[0, j] - start[0, j], end[1, j] - start[1, j])
      let square = x * x + y * y
      guard square.isFinite else { continue }
      moved = (moved.count + 1, moved.sum + square, moved.squares + square * square)
    }
    pieces[index].moved = moved
    place(index)
  }

  private mutating func place(_ index: Int) {
    guard let solve = pieces[index].solve else { return }
    let points = t >= 1 ? solve.end : solve.position(at: t)
    let (first, n) = (range(index).lowerBound, noise.count)
    for j in 0..<points.count {
      positions.values[first + j] = points[0, j]
      positions.values[n + first + j] = points[1, j]
    }
  }

  private func range(_ index: Int) -> Range<Int> {
    index * size..<min(noise.count, (index + 1) * size)
  }

  /// The bytes that one piece's trajectory may hold.
  var pieceMemory: Int { WorldFlow.memory / pieces.count }
}

import FlowMatching
import TerminalCanvas

/// The learned field over a window at one time, and how it compares with the exact one.
struct FieldPicture: Sendable {
  /// What was asked for.
  struct Request: Sendable, Hashable {
    let grid: PlotGrid
    let t: Double
    let weightsStep: Int
    let generation: Int
    let heat: FieldHeat
    var arrows = FieldArrows.velocity
    var followed = LaneSettings.Followed()
  }

  let request: Request
  /// The velocity at every sample, or what else the arrows show.
  fileprivate(set) var x: [Float], y: [Float]
  /// What the heat shows: |v − u*|, ∇·v, the arrows' length or log p_t.
  fileprivate(set) var heat: [Float]
  /// How much mass p_t has there, 0…1: no colour where there is none.
  fileprivate(set) var presence: [Float]
}

/// Evaluates a field over a window, in slices that a budget of point evaluations bounds.
struct FieldProbe: Sendable {
  private(set) var picture: FieldPicture
  private var network: any DivergenceField
  private var exact: (any ExactField)?
  /// The schedule of the path, by which the score follows from the velocity.
  private let path: Scheduler
  private let points: Batch
  private let presence: Presence
  private let cost: Int
  private var done = 0
  private static let chunk = 512

  /// A probe that has not begun; `particles` tell where the mass is.
  init(
    _ request: FieldPicture.Request, network: any DivergenceField, exact: (any ExactField)?,
    exactCost: Int = 1, path: Scheduler = .conditionalOT, particles: Batch
  ) {
    self.path = path
    self.network = network
    self.exact = exact
    points = request.grid.points()
    cost = exact == nil ? 2 : 1 + 2 * exactCost
    let zeros = [Float](repeating: 0, count: request.grid.count)
    picture = FieldPicture(request: request, x: zeros, y: zeros, heat: zeros, presence: zeros)
    presence = Presence(particles, exact: exact, at: request.t)
  }

  var isOver: Bool { done == points.count }

  /// Works until everything is known or the budget is used up.
  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      let range = done..<min(done + max(16, FieldProbe.chunk / cost), points.count)
      evaluate(range)
      done = range.upperBound
      budget -= range.count * cost
    }
  }

  private mutating func evaluate(_ range: Range<Int>) {
    let part = points.points(range)
    let t = Times.shared(picture.request.t)
    var velocity = part
    var heat = [Double](repeating: 0, count: part.count)
    switch picture.request.heat {
    case .divergence:
      network.evaluate(part, at: t, into: &velocity, divergence: &heat)
    case .speed, .logDensity:
      network.evaluate(part, at: t, into: &velocity)
    case .error:
      network.evaluate(part, at: t, into: &velocity)
      var best = part
      exact?.evaluate(part, at: t, into: &best)
      if exact == nil { best = velocity }
      for j in 0..<part.count {
        heat[j] = hypotenuse(velocity[0, j] - best[0, j], velocity[1, j] - best[1, j])
      }
    }
    turn(&velocity, part, t)
    switch picture.request.heat {
    case .speed:
      for j in 0..<part.count { heat[j] = hypotenuse(velocity[0, j], velocity[1, j]) }
    case .logDensity: heat = exact?.logDensity(part, at: t) ?? heat
    case .error, .divergence: break
    }
    let levels = presence.levels(part, exact: &exact, at: t)
    for (k, j) in zip(range, 0..<part.count) {
      picture.x[k] = Float(velocity[0, j])
      picture.y[k] = Float(velocity[1, j])
      picture.heat[k] = Float(heat[j])
      picture.presence[k] = Float(levels[j])
    }
  }

  /// Makes of the velocity what the arrows show.
  private func turn(_ velocity: inout Batch, _ x: Batch, _ t: Times) {
    guard picture.request.arrows != .velocity else { return }
    var score = velocity
    VelocityScore.score(of: velocity, at: x, t, scheduler: path, into: &score)
    if picture.request.arrows == .difference {
      for k in score.values.indices { score.values[k] = velocity.values[k] - score.values[k] }
    }
    velocity = score
  }

  private func hypotenuse(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}

/// Where p_t has its mass: by its exact log-density, or where that is not known by how many
/// particles are near.
struct Presence: Sendable {
  private static let count = 400
  /// The log-densities that .4 % and 5 % of the particles stay below.
  private var gone = -12.0
  private var faint = -8.0
  private let bins: Bins?

  init(_ particles: Batch, exact: (any ExactField)?, at t: Double) {
    guard var exact else {
      bins = Bins(particles)
      return
    }
    bins = nil
    let some = particles.prefix(Presence.count)
    let sorted = exact.logDensity(some, at: .shared(t)).filter(\.isFinite).sorted()
    guard sorted.count >= 20 else { return }
    faint = sorted[sorted.count / 20]
    gone = min(sorted[sorted.count / 250] - 0.5, faint - 0.5)
  }

  func levels(_ points: Batch, exact: inout (any ExactField)?, at t: Times) -> [Double] {
    if let bins { return (0..<points.count).map { bins.level(points[0, $0], points[1, $0]) } }
    let logs = exact?.logDensity(points, at: t) ?? []
    return logs.map { $0.isFinite ? min(1, max(0, ($0 - gone) / (faint - gone))) : 0 }
  }

  /// Particles counted in squares over their own extent.
  struct Bins: Sendable {
    private static let side = 40
    private var counts = [Double](repeating: 0, count: side * side)
    private var low = (x: -1.0, y: -1.0)
    private var span = 1.0

    init(_ particles: Batch) {
      let finite = (0..<particles.count).filter {
        particles[0, $0].isFinite && particles[1, $0].isFinite
      }
      let xs = finite.map { particles[0, $0] }
      let ys = finite.map { particles[1, $0] }
      guard let left = xs.min(), let right = xs.max(), let bottom = ys.min(), let top = ys.max()
      else { return }
      low = (left, bottom)
      let extent = max(right - left, top - bottom)
      span = extent > 0 ? extent : 1
      for (x, y) in zip(xs, ys) {
        let i = min(Bins.side - 1, Int(saturating: (x - low.x) / span * Double(Bins.side)))
        let j = min(Bins.side - 1, Int(saturating: (y - low.y) / span * Double(Bins.side)))
        counts[j * Bins.side + i] += 1
      }
    }

    /// 1 where a square and its neighbours hold four particles or more.
    func level(_ x: Double, _ y: Double) -> Double {
      let i = ((x - low.x) / span * Double(Bins.side)).rounded(.down)
      let j = ((y - low.y) / span * Double(Bins.side)).rounded(.down)
      guard abs(i) < 1e6, abs(j) < 1e6 else { return 0 }
      var sum = 0.0
      for row in Int(saturating: j) - 1...Int(saturating: j) + 1 where (0..<Bins.side).contains(row)
      {
        for column in Int(saturating: i) - 1...Int(saturating: i) + 1
        where (0..<Bins.side).contains(column) {
          sum += counts[row * Bins.side + column]
        }
      }
      return min(1, sum / 4)
    }
  }
}

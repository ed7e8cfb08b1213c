import FlowMatching
import TerminalCanvas

/// What the residual view shows of a flow map.
public enum MapResidual: String, Codable, Sendable, CaseIterable {
  /// How far the lane's jumps end from where the exact flow leads, over where they start.
  case end = "|X(0,1)−exact|"
  /// By how much an equation is missed, from t to 1, over the places at t.
  case eulerian = "Eulerian"
  case lagrangian = "Lagrangian"
  case semigroup = "semigroup"

  /// The equation; nil for the end.
  var equation: MapEquation? { MapEquation(rawValue: rawValue.lowercased()) }

  /// What it is, in a line.
  var formula: String {
    switch self {
    case .end: "|X(0,1) − exact| over the start"
    case .eulerian: "|ū − v − (1−t)(∂ₜ + v·∇)ū| at t"
    case .lagrangian: "|∂ᵣX − v(X)| at t, r = 1"
    case .semigroup: "|X∘X − X| at t to r = 1"
    }
  }
}

/// A residual of a flow map over a window.
struct MapPicture: Sendable {
  /// What was asked for.
  struct Request: TimedKey, Hashable {
    let grid: PlotGrid
    let residual: MapResidual
    /// Of an equation; 0 for the end.
    var t: Double
    let jumps: [Double]
    var weightsStep: Int
    let generation: Int
    let noiseIndex: Int
    let training: LaneSettings.Training?

    /// The residual in a line, with its time.
    var formula: String {
      residual == .end
        ? residual.formula
        : residual.formula.replacing("at t", with: "at t = " + NumberFormat.fixed(t, 2))
    }

    /// The same in at most twenty columns.
    var shortFormula: String {
      residual.rawValue + (residual == .end ? "" : ", t " + NumberFormat.fixed(t, 2))
    }
  }

  let request: Request
  fileprivate(set) var values: [Float]
  /// How many particles are there, 0…1.
  fileprivate(set) var presence: [Float]

  /// The root mean square where particles are.
  var size: Double {
    var (sum, weight) = (0.0, 0.0)
    for (value, presence) in zip(values, presence) where value.isFinite {
      sum += Double(presence) * Double(value) * Double(value)
      weight += Double(presence)
    }
    return weight > 0 ? (sum / weight).squareRoot() : 0
  }
}

/// Computes a residual, some places at a time.
struct MapProbe: KeyedWork {
  private(set) var picture: MapPicture
  private let map: any MapFlow
  private var exact: (any TwoTimeMap)?
  private let points: Batch
  private let cost: Int
  private var done = 0
  private static let chunk = 64

  /// A probe that has not begun; `particles` tell where the mass is.
  init(
    _ request: MapPicture.Request, map: any MapFlow, exact: (any TwoTimeMap)?, exactCost: Int,
    particles: Batch
  ) {
    self.map = map
    self.exact = exact
    points = request.grid.points()
    cost = request.residual == .end ? 200 * exactCost : 60
    let presence = Presence(particles, exact: nil, at: 0)
    var nothing: (any ExactField)?
    picture = MapPicture(
      request: request, values: [Float](repeating: 0, count: points.count),
      presence: presence.levels(points, exact: &nothing, at: .shared(0)).map { Float($0) })
  }

  var key: MapPicture.Request { picture.request }
  var isOver: Bool { done == points.count }

  /// Works until everything is known or the budget is used up; where no particles are nothing is.
  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      let range = done..<min(done + MapProbe.chunk, points.count)
      let wanted = range.filter { picture.presence[$0] > 0.02 }
      if !wanted.isEmpty {
        let found = residuals(points.picked(wanted))
        for (k, value) in zip(wanted, found) { picture.values[k] = Float(value) }
      }
      done = range.upperBound
      budget -= max(1, wanted.count * cost)
    }
  }

  private mutating func residuals(_ x: Batch) -> [Double] {
    let request = picture.request
    if let equation = request.residual.equation {
      return map.residuals(equation, at: x, from: request.t, to: 1)
    }
    var (own, there, jumping) = (x, x, map)
    for (t, r) in zip(request.jumps, request.jumps.dropFirst()) {
      jumping.carry(&own, from: .shared(t), to: .shared(r))
    }
    exact?.carry(&there, from: .shared(0), to: .shared(1))
    return (0..<x.count).map { j in
      let (a, b) = (own[0, j] - there[0, j], own[1, j] - there[1, j])
      return (a * a + b * b).squareRoot()
    }
  }
}

extension Batch {
  /// The points of these indices, in their order.
  fileprivate func picked(_ indices: [Int]) -> Batch {
    Batch(
      dimension: dimension, values: (0..<dimension).flatMap { i in indices.map { self[i, $0] } })
  }
}

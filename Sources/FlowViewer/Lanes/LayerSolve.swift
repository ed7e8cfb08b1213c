import FlowMatching

/// A flow of layers in closed form, in even steps of t and in slices: what a solve is elsewhere.
///
/// States are points x, or (x, log p) as in `DensityFlow`; between two layers all of them rest.
struct LayerSolve: Sendable {
  private var flow: any ClosedFormFlow
  private let start, end: Double
  private let steps: Int
  /// The last state that is complete, with its velocities.
  private(set) var knot: Knot
  /// How many steps lead to it.
  private(set) var stepsTaken = 0
  private var next: Knot
  private var done = 0
  private static let chunk = 1024

  /// A solve from states at time `start`, whose velocities are known at once.
  init(_ flow: any ClosedFormFlow, from state: Batch, start: Double, end: Double, steps: Int) {
    precondition(steps > 0, "a solve needs a step")
    self.flow = flow
    self.start = start
    self.end = end
    self.steps = steps
    knot = Knot(t: start, x: state)
    next = knot
    // In the middle of a layer the states move; at its ends they rest, as a knot begins.
    if start > 0, start < 1 { LayerSolve.settle(&self.flow, &knot, 0..<state.count) }
  }

  var isOver: Bool { stepsTaken == steps || knot.x.count == 0 }

  /// How far it has got, 0…1.
  var progress: Double {
    let part = Double(done) / Double(max(1, knot.x.count))
    return min(1, (Double(stepsTaken) + part) / Double(steps))
  }

  /// Evaluations of a network per trajectory so far: one a layer.
  var evaluations: Int {
    let way = abs(knot.t - start) * Double(flow.evaluations)
    return Int(saturating: (way - 1e-9).rounded(.up))
  }

  /// The evaluations of all of it.
  var totalEvaluations: Int {
    Int(saturating: (abs(end - start) * Double(flow.evaluations) - 1e-9).rounded(.up))
  }

  /// Carries the next points, the last of which complete a step; tells the evaluations at points.
  mutating func advance() -> Int {
    guard !isOver else { return 0 }
    let range = done..<min(done + LayerSolve.chunk, knot.x.count)
    let time = start + (end - start) * Double(stepsTaken + 1) / Double(steps)
    var x = LayerSolve.points(knot.x, flow.dimension, range)
    var logDeterminant = [Double](repeating: 0, count: range.count)
    flow.carry(&x, from: knot.t, to: time, logDeterminant: &logDeterminant)
    for i in 0..<flow.dimension {
      for j in range { next.x[i, j] = x[i, j - range.lowerBound] }
    }
    if knot.x.dimension > flow.dimension {
      for j in range {
        next.x[flow.dimension, j] =
          knot.x[flow.dimension, j] - logDeterminant[j - range.lowerBound]
      }
    }
    next.t = time
    LayerSolve.settle(&flow, &next, range)
    done = range.upperBound
    if done == knot.x.count {
      swap(&knot, &next)
      stepsTaken += 1
      done = 0
    }
    let layers = abs(end - start) * Double(flow.evaluations) / Double(steps)
    return range.count * (1 + Int(saturating: layers.rounded(.up)))
  }

  /// Writes the velocities at the points of the range.
  private static func settle(
    _ flow: inout any ClosedFormFlow, _ knot: inout Knot, _ range: Range<Int>
  ) {
    let x = points(knot.x, flow.dimension, range)
    var velocity = x
    var divergence = [Double](repeating: 0, count: range.count)
    flow.evaluate(x, at: .shared(knot.t), into: &velocity, divergence: &divergence)
    for j in range {
      for i in 0..<flow.dimension { knot.velocity[i, j] = velocity[i, j - range.lowerBound] }
      if knot.x.dimension > flow.dimension {
        knot.velocity[flow.dimension, j] = -divergence[j - range.lowerBound]
      }
    }
  }

  private static func points(_ state: Batch, _ dimension: Int, _ range: Range<Int>) -> Batch {
    var x = Batch(dimension: dimension, count: range.count)
    for i in 0..<x.dimension {
      for j in range { x[i, j - range.lowerBound] = state[i, j] }
    }
    return x
  }
}

extension VelocityField {
  /// The flow in closed form of a learned field, with or without its density; nil for all others.
  var layers: (any ClosedFormFlow)? {
    let learned = self as? LearnedField ?? (self as? DensityFlow)?.base as? LearnedField
    return learned?.closedForm
  }
}

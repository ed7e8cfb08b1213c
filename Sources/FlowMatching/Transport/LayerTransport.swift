/// The transport through layers in closed form, in even steps of t.
///
/// States are points x, or (x, log p) as in `DensityFlow`; between two layers all of them rest.
public struct LayerTransport: Transport {
  private var flow: any ClosedFormFlow
  private let start, end: Double
  private let stepCount: Int
  /// The last state that is complete, with its velocities.
  private var complete: Knot
  private var next: Knot
  public private(set) var steps = 0
  public private(set) var lostCount = 0
  private var done = 0
  private static let chunk = 1024

  /// A transport from states at time `start`, whose velocities are known at once.
  public init(
    _ flow: any ClosedFormFlow, from state: Batch, start: Double, end: Double, steps: Int
  ) {
    precondition(steps > 0, "a transport needs a step")
    self.flow = flow
    self.start = start
    self.end = end
    stepCount = steps
    complete = Knot(t: start, x: state)
    next = complete
    // In the middle of a layer the states move; at its ends they rest, as a knot begins.
    if start > 0, start < 1 { LayerTransport.settle(&self.flow, &complete, 0..<state.count) }
  }

  public var t: Double { complete.t }
  public var state: Batch { complete.x }
  public var velocity: Batch? { complete.velocity }
  public var knot: Knot? { complete }
  public var status: Integrator.Status {
    steps == stepCount || complete.x.count == 0 ? .finished : .running
  }

  public var progress: Double {
    let part = Double(done) / Double(max(1, complete.x.count))
    return min(1, (Double(steps) + part) / Double(stepCount))
  }

  /// One a layer.
  public var evaluations: Int { evaluations(of: complete.t - start) }
  public var totalEvaluations: Int { evaluations(of: end - start) }

  private func evaluations(of way: Double) -> Int {
    Int(exactly: (abs(way) * Double(flow.evaluations) - 1e-9).rounded(.up)) ?? 0
  }

  /// Carries the next points, the last of which complete a step.
  public mutating func advance(budget: Int) -> Int {
    guard status == .running else { return 0 }
    let range = done..<min(done + LayerTransport.chunk, complete.x.count)
    let time = start + (end - start) * Double(steps + 1) / Double(stepCount)
    var x = LayerTransport.points(complete.x, flow.dimension, range)
    var logDeterminant = [Double](repeating: 0, count: range.count)
    flow.carry(&x, from: complete.t, to: time, logDeterminant: &logDeterminant)
    for i in 0..<flow.dimension {
      for j in range { next.x[i, j] = x[i, j - range.lowerBound] }
    }
    if complete.x.dimension > flow.dimension {
      for j in range {
        next.x[flow.dimension, j] =
          complete.x[flow.dimension, j] - logDeterminant[j - range.lowerBound]
      }
    }
    next.t = time
    LayerTransport.settle(&flow, &next, range)
    done = range.upperBound
    if done == complete.x.count {
      swap(&complete, &next)
      steps += 1
      done = 0
      lostCount = complete.x.lostCount
    }
    let layers = abs(end - start) * Double(flow.evaluations) / Double(stepCount)
    return range.count * (1 + (Int(exactly: layers.rounded(.up)) ?? 0))
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

/// A flow that is also known as a map, so that points need no solver.
public protocol MapFlow: Flow, TwoTimeMap {
  /// Moves every point of the `d×n` batch from t to r, and writes ln|det ∂X_{t,r}| of each.
  mutating func carry(
    _ x: inout Batch, from t: Double, to r: Double, logDeterminant: inout [Double])
}

extension MapFlow {
  /// By jumps where the plan has some, forwards; else by a solver along ū(x, t, t). A density is carried by
  /// the determinant of each jump: the divergence along a few jumps would be another map's.
  public func transport(
    _ state: Batch, as cargo: Cargo, from start: Double, to end: Double, _ plan: TransportPlan
  ) -> any Transport {
    guard let jumps = plan.jumps, cargo == .points || cargo == .density, start < end,
      plan.noise == nil
    else {
      return solve(state, as: cargo, from: start, to: end, plan)
    }
    return MapTransport(
      self, from: state, start: start, end: end, jumps: jumps, pictures: plan.pictures,
      chunkSize: plan.chunkSize)
  }
}

/// The transport by the jumps of a flow map, one evaluation each.
///
/// Between the ends of a jump there are pictures where somebody wants to look: X_{t,s} from the same start,
/// which cost evaluations that no sample needs and that are not counted.
public struct MapTransport: Transport {
  private var flow: any MapFlow
  private let start, end: Double
  /// Where jumps end.
  private let stops: [Double]
  private let pictures, chunkSize: Int
  /// The state that the jump at hand starts from, and its time.
  private var origin: Knot
  private var complete: Knot
  private var next: Knot
  private var jumpsDone = 0
  private var picture = 0
  private var done = 0
  public private(set) var lostCount = 0

  /// Jumps that end at the times of a grid between start and end, with so many pictures each.
  public init(
    _ flow: any MapFlow, from state: Batch, start: Double, end: Double, jumps: [Double],
    pictures: Int = 1, chunkSize: Int = Integrator.largestChunk
  ) {
    precondition(start < end && pictures > 0, "a map jumps forwards in time")
    self.flow = flow
    self.start = start
    self.end = end
    self.pictures = pictures
    self.chunkSize = chunkSize
    stops = jumps.filter { $0 - start > 1e-12 && end - $0 > 1e-12 } + [end]
    origin = Knot(t: start, x: state)
    complete = origin
    next = origin
    MapTransport.settle(&self.flow, &complete, 0..<state.count, at: start)
  }

  public var t: Double { complete.t }
  public var state: Batch { complete.x }
  public var velocity: Batch? { complete.velocity }
  public var knot: Knot? { complete }
  public var status: Integrator.Status {
    jumpsDone == stops.count || complete.x.count == 0 ? .finished : .running
  }

  public var progress: Double {
    let part = Double(done) / Double(max(1, complete.x.count))
    return (Double(jumpsDone) + (Double(picture) + part) / Double(pictures)) / Double(stops.count)
  }

  /// Jumps that are over, and the one under way once it shows something.
  public var steps: Int { jumpsDone + (picture > 0 ? 1 : 0) }
  public var evaluations: Int { steps }
  public var totalEvaluations: Int { stops.count }

  /// Carries the next points, the last of which complete a picture.
  public mutating func advance(budget: Int) -> Int {
    guard status == .running else { return 0 }
    let range = done..<min(done + chunkSize, complete.x.count)
    let stop = stops[jumpsDone]
    let time =
      picture + 1 == pictures
      ? stop : origin.t + (stop - origin.t) * Double(picture + 1) / Double(pictures)
    let d = flow.dimension
    var x = MapTransport.points(origin.x, d, range)
    if origin.x.dimension > d {
      var logDeterminant = [Double](repeating: 0, count: range.count)
      flow.carry(&x, from: origin.t, to: time, logDeterminant: &logDeterminant)
      for j in range {
        next.x[d, j] = origin.x[d, j] - logDeterminant[j - range.lowerBound]
      }
    } else {
      flow.carry(&x, from: .shared(origin.t), to: .shared(time))
    }
    for i in 0..<d {
      for j in range { next.x[i, j] = x[i, j - range.lowerBound] }
    }
    MapTransport.settle(&flow, &next, range, at: time)
    done = range.upperBound
    if done == complete.x.count { completePicture(time) }
    return 2 * range.count
  }

  private mutating func completePicture(_ time: Double) {
    next.t = time
    swap(&complete, &next)
    done = 0
    picture += 1
    if picture == pictures {
      picture = 0
      jumpsDone += 1
      origin = complete
    }
    lostCount = complete.x.lostCount
  }

  /// Writes ū(x, t, t) at the points of the range, and of a density −∇·ū.
  private static func settle(
    _ flow: inout any MapFlow, _ knot: inout Knot, _ range: Range<Int>, at time: Double
  ) {
    let d = flow.dimension
    let x = points(knot.x, d, range)
    var velocity = x
    if knot.x.dimension > d {
      var divergence = [Double](repeating: 0, count: range.count)
      flow.evaluate(x, at: .shared(time), into: &velocity, divergence: &divergence)
      for j in range { knot.velocity[d, j] = -divergence[j - range.lowerBound] }
    } else {
      flow.evaluate(x, at: .shared(time), into: &velocity)
    }
    for i in 0..<d {
      for j in range { knot.velocity[i, j] = velocity[i, j - range.lowerBound] }
    }
  }

  private static func points(_ state: Batch, _ dimension: Int, _ range: Range<Int>) -> Batch {
    var x = Batch(dimension: dimension, count: range.count)
    for i in 0..<dimension {
      for j in range { x[i, j - range.lowerBound] = state[i, j] }
    }
    return x
  }
}

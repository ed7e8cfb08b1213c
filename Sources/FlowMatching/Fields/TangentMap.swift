/// A map f(y, t) of the inputs of a space, and what it does to changes of them: a network's, or in tests a
/// formula's.
public protocol TangentMap: Sendable {
  /// The numbers of an input and of an answer.
  var inputs: Int { get }
  var outputs: Int { get }
  /// How smooth it is, and how far rounding leads.
  var regularity: Regularity { get }
  /// The same with every sum in Double.
  var mapInDouble: any TangentMap { get }

  /// Writes f, `outputs×n`, for every column of `y`, `inputs×n`.
  mutating func evaluate(_ y: Batch, at t: Times, into f: inout Batch)

  /// Writes f, and cᵀ(∂f/∂y)ẏ for changes ẏ of the inputs, `inputs×n`, and covectors c, `outputs×n`.
  mutating func evaluate(
    _ y: Batch, at t: Times, along changes: Batch, against covectors: Batch, into f: inout Batch,
    slopes: inout [Double])
}

extension MLP: TangentMap {
  public var inputs: Int { weights.shape.dimension }
  public var outputs: Int { weights.shape.outputs }
  public var mapInDouble: any TangentMap {
    PreciseMLP(weights, instructionSet: network.instructionSet)
  }

  public mutating func evaluate(
    _ y: Batch, at t: Times, along changes: Batch, against covectors: Batch, into f: inout Batch,
    slopes: inout [Double]
  ) {
    switch t {
    case .shared(let time):
      network.evaluate(
        weights: weights.values, points: y.values, time: time, probes: changes.values,
        covectors: covectors.values, into: &f.values, divergence: &slopes)
    case .each(let times):
      network.evaluate(
        weights: weights.values, points: y.values, times: times, probes: changes.values,
        covectors: covectors.values, into: &f.values, divergence: &slopes)
    }
  }
}

extension PreciseMLP: TangentMap {
  public var inputs: Int { weights.shape.dimension }
  public var outputs: Int { weights.shape.outputs }
  public var mapInDouble: any TangentMap { self }

  public mutating func evaluate(
    _ y: Batch, at t: Times, along changes: Batch, against covectors: Batch, into f: inout Batch,
    slopes: inout [Double]
  ) {
    network.evaluateInDouble(
      weights: weights.values, points: y.values, times: t.list, probes: changes.values,
      covectors: covectors.values, into: &f.values, divergence: &slopes)
  }
}

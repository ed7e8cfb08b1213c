import FlowMatching

/// What is new of a run that another program trains: its network, its losses, or both.
public struct FollowedNews: Sendable {
  /// Its newest network; nil where that is the one of before.
  public var run: ReceivedRun?
  /// All its losses so far; nil where none is new.
  public var losses: LossHistory?

  /// News.
  public init(run: ReceivedRun? = nil, losses: LossHistory? = nil) {
    self.run = run
    self.losses = losses
  }
}

/// How a network of another program was read, as far as that decides what the doctor asks.
public struct ForeignReading: Sendable, Equatable {
  /// The order in which it takes its inputs.
  public var order: InputOrder
  /// Whether its file or an option says its activation.
  public var isActivationTold: Bool
  /// The units that its data have beside those on show; nil where they are the same.
  public var units: Standardisation?

  /// A reading.
  public init(
    order: InputOrder = .pointTime, isActivationTold: Bool = true, units: Standardisation? = nil
  ) {
    self.order = order
    self.isActivationTold = isActivationTold
    self.units = units
  }
}

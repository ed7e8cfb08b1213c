/// What entropic couplings cost, and where they were replaced.
public struct CouplingTally: Sendable, Hashable {
  /// Batches that were paired.
  public var batches = 0
  /// Batches whose plan would have taken too many iterations, which exact transport paired.
  public var exact = 0
  /// Sinkhorn's iterations over all batches.
  public var iterations = 0

  /// What a person should know of it, about that coupling; nil where all is as it was asked.
  public func complaint(of coupling: CouplingChoice) -> String? {
    guard exact > 0 else { return nil }
    let advice =
      if case .relativeSinkhorn = coupling { "a larger share converges" } else {
        "sinkhorn-relative takes its ε from the distances"
      }
    return "\(coupling): \(exact) of \(batches) batches did not converge, since ε is small beside "
      + "their squared distances; exact transport paired them, the limit ε → 0 (coupling ot); "
      + advice
  }
}

/// What entropic couplings cost, and where they were replaced.
public struct CouplingTally: Sendable, Hashable {
  /// Batches that were paired.
  public var batches = 0
  /// Batches whose plan would have taken too many iterations, which exact transport paired.
  public var exact = 0
  /// Sinkhorn's iterations over all batches.
  public var iterations = 0

  /// What a person should know of it, about a coupling of that name; nil where all is as it was asked.
  public func complaint(of coupling: String) -> String? {
    guard exact > 0 else { return nil }
    let share = exact == batches ? "no batch" : "\(exact) of \(batches) batches did not"
    let verb = exact == batches ? "of \(batches) converges" : "converge"
    return "\(coupling): \(share) \(verb), its ε is too small beside the squared distances; those "
      + "batches are paired by exact transport, the limit ε → 0 (coupling ot); "
      + "“sinkhorn-relative:0.05” takes ε from the distances"
  }
}

/// What is known of a semidiscrete transport once it is learned.
public struct SemidiscretePlan: Sendable, Hashable {
  /// The cells with their potentials.
  public let cells: LaguerreCells
  /// Whether they are right, on fresh draws.
  public let certificate: TransportCertificate
  /// The draws of the source that they were learned from, and the rounds that it took.
  public let draws, rounds: Int
  /// What it was learned for: at most so many points, by the random numbers of a seed.
  public let limit: Int
  public let seed: UInt64

  /// What was learned for at most `limit` points by the random numbers of `seed`.
  init(
    cells: LaguerreCells, certificate: TransportCertificate, draws: Int, rounds: Int, limit: Int,
    seed: UInt64
  ) {
    (self.cells, self.certificate) = (cells, certificate)
    (self.draws, self.rounds, self.limit, self.seed) = (draws, rounds, limit, seed)
  }
}

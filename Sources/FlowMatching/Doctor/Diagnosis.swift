/// What a table of residuals says of a network.
public struct Diagnosis: Sendable {
  /// What is wrong.
  public enum Verdict: Sendable, Equatable {
    /// Nothing.
    case sound
    /// These slips.
    case slips([String])
    /// It has learned nothing yet.
    case notTrained
    /// One of these, which cannot be told apart; none where no hypothesis fits.
    case undecided([[String]])
  }

  /// The table.
  public let table: DoctorTable
  /// What is wrong.
  public let verdict: Verdict
  /// The row that the verdict is about; the best one where there is none.
  public let best: DoctorTable.Row
  /// The best row of another slip.
  public let next: DoctorTable.Row?
  /// How much greater the next residual is, with the standard error of the difference.
  public let margin: Estimate?
  /// Readings that serve as well as that of the verdict on these data.
  public let equals: [[String]]

  /// Whether the weights alone told the slip, since no reading fits the data.
  public let isToldByWeights: Bool

  /// A slip is named when the best residual is less than this share of the next one's …
  static let share = 0.65
  /// or where the best residual is greater than `isRight` than this,
  static let unsureShare = 0.5
  /// … and the difference more than so many of its standard errors …
  static let errors = 4.0
  /// … and it is at least this.
  public static let leastMargin = 0.02
  /// From this margin on 99 verdicts of 100 and more are right (Benchmarks.md).
  public static let sureMargin = 0.05
  /// A network whose best residual is greater fits no hypothesis: what has learned little is often nearest to a wrong
  /// one.
  static let fits = 0.2
  /// One whose own residual is no greater is sound though another fits as well, and where it is a tenth of it
  /// though another fits better.
  static let isRight = 0.1

  /// Judges a table; `isFresh` says that the weights are as some program begins with, `told` the slip without which
  /// they make no sense.
  public init(_ table: DoctorTable, isFresh: Bool = false, told: Slip? = nil) {
    self.table = table
    let rows = table.credible
    let first = rows[0]
    let asIs = rows.first { $0.hypothesis.slips.isEmpty } ?? first
    // What is not told from the best one by these draws.
    let rivals = rows.filter { !Diagnosis.isBeyond($0, first) }
    // Of several that fit alike the one whose slips all others have too.
    let simplest = rivals.first { candidate in
      rivals.allSatisfy { other in
        candidate.hypothesis.slips.allSatisfy(other.hypothesis.slips.contains)
      }
    }
    // As it stands it is right where its own residual says so, whatever else would be.
    let isRight =
      asIs.residual.mean <= Diagnosis.isRight
      && (first.hypothesis.slips.isEmpty || rivals.contains { $0.hypothesis.slips.isEmpty }
        || asIs.residual.mean <= Diagnosis.isRight / 10)
    // A tie that only this one is in is none.
    let isAlone = rivals.count == 1
    let isSimple = simplest.map { !$0.hypothesis.slips.isEmpty || isAlone } ?? false
    let chosen = isRight ? asIs : isSimple ? simplest ?? first : first
    let others = rows.filter { Diagnosis.isOther($0.hypothesis, than: chosen.hypothesis) }
    // The field without a time may be small: what it is off by counts relative to all velocities.
    let isTimeless = chosen.hypothesis.slips.contains(.timeIgnored)
    let misfit = max(isTimeless ? 0 : chosen.residual.mean, chosen.shapeResidual)
    let row =
      isFresh || misfit <= Diagnosis.fits
      ? nil : told.flatMap { told in table.rows.first { $0.hypothesis.slips == [told] } }
    isToldByWeights = row != nil
    best = row ?? chosen
    next = row == nil ? others.first : nil
    margin = row == nil ? others.first.map { Diagnosis.difference($0, chosen) } : nil
    equals = rivals.map(\.hypothesis.names).filter { $0 != chosen.hypothesis.names }
    if let row {
      verdict = .slips(row.hypothesis.names)
      return
    }
    guard misfit <= Diagnosis.fits else {
      verdict =
        isFresh || Diagnosis.isStill(rows)
        ? .notTrained : .undecided(Diagnosis.pointing(rows).map { [$0] } ?? [])
      return
    }
    if isFresh {
      verdict = .notTrained
    } else if chosen.hypothesis.slips.isEmpty, isRight || isSimple {
      verdict = .sound
    } else if isSimple {
      verdict = .slips(chosen.hypothesis.names)
    } else {
      verdict = .undecided(rivals.map(\.hypothesis.names))
    }
  }

  /// The single slip with which alone a network that fits nothing points the right way; nil where none stands out.
  private static func pointing(_ rows: [DoctorTable.Row]) -> [String]? {
    // A prediction that is converted points along x whatever the network says.
    let rows = rows.filter { row in
      row.hypothesis.slips.allSatisfy {
        [.timeReversed, .signFlipped, .timeScaled, .inputsTimeFirst, .inputsTimeLast].contains($0)
      }
    }
    guard let asIs = rows.first(where: { $0.hypothesis.slips.isEmpty }),
      let most = rows.map(\.alignment).max(), most > 0.3, asIs.alignment < most / 2
    else { return nil }
    // Those that point as well, but for what draws make of it.
    let equal = rows.filter { $0.alignment > 0.9 * most }
    return equal.first { one in
      one.hypothesis.slips.count == 1
        && equal.allSatisfy { one.hypothesis.slips.allSatisfy($0.hypothesis.slips.contains) }
    }?.hypothesis.names
  }

  /// Whether the network hardly moves a thing, as most do before they learn.
  private static func isStill(_ rows: [DoctorTable.Row]) -> Bool {
    guard let row = rows.first(where: { $0.hypothesis.slips.isEmpty }),
      let flipped = rows.first(where: { $0.hypothesis.names == [Slip.signFlipped.name] })
    else { return false }
    // |v − u|² + |v + u|² = 2|u|² + 2|v|².
    return (row.residual.mean + flipped.residual.mean) / 2 - 1 < 0.05
  }

  /// Whether another row is worse than this one beyond doubt.
  private static func isBeyond(_ other: DoctorTable.Row, _ row: DoctorTable.Row) -> Bool {
    guard other.residual.mean.isFinite else { return true }
    let difference = bounded(other, row)
    // What has not learned much may be nearer to a neighbour of its slip: there the lead has to be greater.
    let share = row.residual.mean <= isRight ? share : unsureShare
    return row.residual.mean < share * other.residual.mean
      && difference.mean > errors * difference.standardError && difference.mean >= leastMargin
  }

  /// The greatest square of a draw that counts where two rows are compared: a few draws of a wrong conversion
  /// would hide by their own spread how wrong it is everywhere.
  private static let cap = 4.0

  /// How much greater the residual of `a` is at least, draw by draw where both have as many: they share them.
  private static func bounded(_ a: DoctorTable.Row, _ b: DoctorTable.Row) -> Estimate {
    let capped = a.squares.map { min($0, cap) }
    guard a.squares.count == b.squares.count else {
      let (first, second) = (Estimate(of: capped), b.residual)
      let error =
        (first.standardError * first.standardError + second.standardError * second.standardError)
        .squareRoot()
      return Estimate(mean: first.mean - second.mean, standardError: error)
    }
    return Estimate(of: zip(capped, b.squares).map { $0 - $1 })
  }

  /// The difference of two residuals.
  private static func difference(_ a: DoctorTable.Row, _ b: DoctorTable.Row) -> Estimate {
    let error =
      (a.residual.standardError * a.residual.standardError
      + b.residual.standardError * b.residual.standardError).squareRoot()
    return Estimate(mean: a.residual.mean - b.residual.mean, standardError: error)
  }

  /// Whether a hypothesis is about another slip: not the same slips with more of them.
  private static func isOther(
    _ other: NetworkHypothesis, than chosen: NetworkHypothesis
  ) -> Bool {
    if chosen.slips.isEmpty { return !other.slips.isEmpty }
    return !chosen.slips.allSatisfy(other.slips.contains)
  }
}

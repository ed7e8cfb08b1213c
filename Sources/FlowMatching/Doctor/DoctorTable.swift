/// How well each hypothesis explains a network: E|v − u*|²/E|u*|², so that 1 is as good as no motion.
public struct DoctorTable: Sendable {
  /// A hypothesis with its residual.
  public struct Row: Sendable {
    /// The variant of the slips that fits best.
    public let hypothesis: NetworkHypothesis
    /// E|v − u*|²/E|u*|² with its standard error; where time is ignored, relative to
    /// the best field that knows no time in the place of u*.
    public let residual: Estimate
    /// The same relative to E|u* − E u*|², so that 1 is as good as one velocity for all.
    public let shapeResidual: Double
    /// How far it points the right way whatever its length, E v·u*/√(E|v|²E|u*|²): 1 everywhere, 0 no more than chance.
    public let alignment: Double
    /// The residual of each draw; their mean is the residual.
    let squares: [Double]
  }

  /// The activation with which the network was read.
  public let activation: Activation?
  /// The rows, the best first.
  public let rows: [Row]
  /// The number of draws of the best rows, and of the others.
  public let draws, fewerDraws: Int

  /// The rows that may be the verdict: a field that knows no time is the easiest to learn, and a network that
  /// has learned it fits it far better than all else; one that is only near it is another that has learned little.
  var credible: [Row] {
    let other = rows.first { !$0.hypothesis.slips.contains(.timeIgnored) }?.residual.mean
    let found = rows.filter { row in
      guard row.hypothesis.slips.contains(.timeIgnored), let other else { return true }
      return row.shapeResidual <= DoctorTable.timelessFit
        && row.residual.mean <= DoctorTable.timelessShare * other
    }
    return found.isEmpty ? rows : found
  }

  /// The greatest residual of a network that knows no time, relative to all velocities, and the share of the next
  /// one's that it may be.
  static let timelessFit = 0.11
  static let timelessShare = 0.45

  /// The residual of the best row that may be the verdict.
  public var best: Double { credible[0].residual.mean }

  /// The row of those slips.
  public func row(_ names: [String]) -> Row? { rows.first { $0.hypothesis.names == names } }
}

/// What asks a network.
public struct NetworkDoctor: Sendable {
  /// What the network should have learned.
  public let examined: DoctorCase
  /// Every hypothesis.
  private let hypotheses: [NetworkHypothesis]
  /// The teachers of the first look.
  private let teachers: [Teaching: DoctorTeacher]
  private let own: DoctorTeacher
  private let timeless: Batch
  private let most: Int

  /// What draws depend on.
  private struct Teaching: Hashable {
    let scheduler: Scheduler
    let units: Int?
  }

  /// What a network is asked, from which several hypotheses are judged.
  private struct Question: Hashable {
    let teaching: Teaching
    let clock: NetworkClock
    let isTurned: Bool

    init(_ hypothesis: NetworkHypothesis) {
      teaching = Teaching(scheduler: hypothesis.scheduler, units: hypothesis.units)
      clock = hypothesis.clock
      isTurned = hypothesis.isTurned
    }
  }

  /// The draws of the first look at all hypotheses; those in question get up to `most`.
  static let few = 512
  /// The most draws.
  public static let most = 4096

  /// A doctor for networks that should have learned so; what all of them are compared with is computed here.
  public init(_ examined: DoctorCase) {
    self.examined = examined
    hypotheses = NetworkHypothesis.all(
      beside: examined.prediction, under: examined.scheduler, units: examined.units.count,
      in: examined.order)
    let terms =
      examined.target.exactField(
        source: examined.source, scheduler: examined.scheduler, path: examined.path)?.terms ?? 1
    most = min(NetworkDoctor.most, max(256, (1 << 24) / max(1, terms)))
    let count = min(NetworkDoctor.few, most)
    var teachers: [Teaching: DoctorTeacher] = [:]
    for hypothesis in hypotheses {
      let key = Question(hypothesis).teaching
      if teachers[key] == nil {
        teachers[key] = DoctorTeacher(
          examined, scheduler: key.scheduler, units: key.units, count: count)
      }
    }
    self.teachers = teachers
    own = DoctorTeacher(examined, scheduler: examined.scheduler, units: nil, count: count)
    timeless = own.timeless(examined)
  }

  /// Every hypothesis about a network, by its field `network` as it is read; `work` is its number of weights.
  ///
  /// All are looked at with few draws, and those within reach of the best again with more.
  public func table(
    of network: any VelocityField, activation: Activation? = nil, work: Int = 0,
    isFirstLook: Bool = false
  ) -> DoctorTable {
    let first = rows(hypotheses, of: network, teachers, timeless)
    guard let best = first.first, !isFirstLook else {
      return DoctorTable(
        activation: activation, rows: first, draws: timeless.count, fewerDraws: timeless.count)
    }
    let limit = max(4 * best.residual.mean, best.residual.mean + 8 * best.residual.standardError)
    let close = Set(
      first.filter { $0.residual.mean <= limit || $0.hypothesis.slips.isEmpty }.map(
        \.hypothesis.slips))
    let again = hypotheses.filter { close.contains($0.slips) }
    let needsTimeless = again.contains { $0.slips.contains(.timeIgnored) }
    // A wide network is asked less often.
    let affordable = max(timeless.count, (1 << 33) / max(1, work * again.count))
    let count = min(most, affordable, needsTimeless ? 1024 : most)
    guard count > timeless.count else {
      return DoctorTable(
        activation: activation, rows: first, draws: timeless.count, fewerDraws: timeless.count)
    }
    var more: [Teaching: DoctorTeacher] = [:]
    for key in Set(again.map { Question($0).teaching }) {
      more[key] = DoctorTeacher(
        examined, scheduler: key.scheduler, units: key.units, count: count)
    }
    let own = Teaching(scheduler: examined.scheduler, units: nil)
    let blind = needsTimeless ? more[own]?.timeless(examined) ?? timeless : timeless
    let second = rows(again, of: network, more, blind)
    let rest = first.filter { !close.contains($0.hypothesis.slips) }
    return DoctorTable(
      activation: activation,
      rows: (second + rest).sorted { $0.residual.mean < $1.residual.mean }, draws: count,
      fewerDraws: timeless.count)
  }

  /// One row for each set of slips, that of its best variant, the best first.
  private func rows(
    _ hypotheses: [NetworkHypothesis], of network: any VelocityField,
    _ teachers: [Teaching: DoctorTeacher], _ timeless: Batch
  ) -> [DoctorTable.Row] {
    var network = network
    var answers: [Question: Batch] = [:]
    var best: [[Slip]: DoctorTable.Row] = [:]
    for hypothesis in hypotheses {
      let question = Question(hypothesis)
      guard let teacher = teachers[question.teaching] else { continue }
      let answer =
        answers[question]
        ?? teacher.answers(
          of: &network, hypothesis.clock, isTurned: hypothesis.isTurned,
          from: examined.order)
      answers[question] = answer
      let wanted = hypothesis.slips.contains(.timeIgnored) ? timeless : teacher.velocity
      let compared = teacher.compare(answer, hypothesis, with: wanted)
      // What knows no time is compared with less than u*, and no motion is to be 1 there too.
      let power =
        hypothesis.slips.contains(.timeIgnored)
        ? max(compared.power, 1e-3 * teacher.power) : teacher.power
      let squares = compared.squares.map { $0 / power }
      let row = DoctorTable.Row(
        hypothesis: hypothesis, residual: Estimate(of: squares),
        shapeResidual: squares.reduce(0, +) / Double(squares.count) * power
          / max(teacher.variation, .leastNormalMagnitude), alignment: compared.alignment,
        squares: squares)
      if let other = best[hypothesis.slips], other.residual.mean <= row.residual.mean { continue }
      best[hypothesis.slips] = row
    }
    return best.values.sorted {
      ($0.residual.mean, $0.hypothesis.slips.count, $0.hypothesis.names.joined())
        < ($1.residual.mean, $1.hypothesis.slips.count, $1.hypothesis.names.joined())
    }
  }

  /// The features x, t of the draws that a network is asked as it is read, a row for each.
  public var probes: Batch {
    Batch(dimension: own.points.dimension + 1, values: own.points.values + own.times)
  }

  /// The residual of a hypothesis in `bins` equal parts of the times asked about, each relative to E|u*|² over all.
  public func overTime(_ row: DoctorTable.Row, bins: Int) -> [(time: Double, residual: Estimate)] {
    let key = Question(row.hypothesis).teaching
    let times = DoctorTeacher(
      examined, scheduler: key.scheduler, units: key.units, count: row.squares.count
    ).times
    let span = DoctorTeacher.span
    let width = (span.upperBound - span.lowerBound) / Double(bins)
    var parts = [[Double]](repeating: [], count: bins)
    for (t, square) in zip(times, row.squares) {
      parts[min(bins - 1, max(0, Int((t - span.lowerBound) / width)))].append(square)
    }
    return parts.enumerated().compactMap { k, squares in
      squares.isEmpty
        ? nil
        : (time: span.lowerBound + (Double(k) + 0.5) * width, residual: Estimate(of: squares))
    }
  }
}

/// Where the time stands among the inputs of a network.
public enum InputOrder: String, CaseIterable, Sendable {
  case pointTime = "point-time"
  case timePoint = "time-point"

  /// The inputs in words.
  public var words: String { self == .pointTime ? "x, y, t" : "t, x, y" }

  /// The other one.
  public var other: InputOrder { self == .pointTime ? .timePoint : .pointTime }
}

/// One way in which a network may have been trained, and how it has to be read if it was.
public struct NetworkHypothesis: Hashable, Sendable {
  /// What went wrong; nothing where the network is right as it is read.
  public let slips: [Slip]
  /// What it is told of the time.
  public let clock: NetworkClock
  /// The units that it learned, as an entry of the case's; nil for those in which it is read.
  public let units: Int?
  /// The schedule that it learned.
  public let scheduler: Scheduler
  /// What it answers.
  public let prediction: Prediction
  /// Whether it answers the negative of it.
  public let isFlipped: Bool
  /// Whether it takes its inputs in the other order.
  public let isTurned: Bool

  /// The names of the slips, “as-is” where there are none.
  public var names: [String] { slips.isEmpty ? [Slip.none] : slips.map(\.name) }

  /// Whether the ends are swapped: time reversed and sign flipped are one slip then.
  public var isSwapped: Bool { slips.contains(.timeReversed) && slips.contains(.signFlipped) }

  /// How many things went wrong.
  var weight: Int { slips.count - (isSwapped ? 1 : 0) }

  /// The times that people scale by: steps of a diffusion, counted from 0 or from 1.
  static let scales = [1000.0, 999]
  /// The shifts in use.
  static let shifts = [3.0]

  /// Every hypothesis about a network that is read as predicting so under a schedule, for data that may
  /// have had so many other units.
  ///
  /// Single slips and pairs that people make, swapped ends counting as one; of three the networks of diffusion
  /// models alone, which predict another thing under another schedule in reversed time.
  public static func all(
    beside prediction: Prediction, under scheduler: Scheduler, units: Int,
    in order: InputOrder = .pointTime
  ) -> [NetworkHypothesis] {
    let teachers: [(slip: Slip?, scheduler: Scheduler, units: Int?)] =
      [(nil, scheduler, nil)]
      + Scheduler.all.filter { $0 != scheduler }.map { (.schedule($0), $0, nil) }
      + (0..<units).map { (.dataUnscaled, scheduler, $0) }
    let answers: [(slip: Slip?, prediction: Prediction, isFlipped: Bool)] =
      [(nil, prediction, false), (.signFlipped, prediction, true)]
      + Prediction.allCases.filter { $0 != prediction }.map { (.predicts($0), $0, false) }
    var result: [NetworkHypothesis] = []
    for isTurned in [false, true] {
      for (clockSlips, clock) in clocks {
        for teacher in teachers {
          for answer in answers {
            let hypothesis = NetworkHypothesis(
              slips: (isTurned ? [order == .pointTime ? .inputsTimeFirst : .inputsTimeLast] : [])
                + clockSlips
                + [answer.slip, teacher.slip].compactMap { $0 },
              clock: clock, units: teacher.units, scheduler: teacher.scheduler,
              prediction: answer.prediction, isFlipped: answer.isFlipped, isTurned: isTurned)
            if hypothesis.isSensible { result.append(hypothesis) }
          }
        }
      }
    }
    return result
  }

  private static let clocks: [([Slip], NetworkClock)] =
    [([], .plain), ([.timeReversed], .linear(scale: 1, isReversed: true))]
    + scales.flatMap { scale -> [([Slip], NetworkClock)] in
      [
        ([.timeScaled], .linear(scale: scale, isReversed: false)),
        ([.timeReversed, .timeScaled], .linear(scale: scale, isReversed: true)),
      ]
    }
    + shifts.map { ([.shiftedTwice], .shifted($0)) }
    // A time that says nothing is as good as any: as it is told, and the two that people hold on to.
    + [([.timeIgnored], .plain), ([.timeIgnored], .fixed(0)), ([.timeIgnored], .fixed(1))]

  private var isSensible: Bool {
    // Without a time there is no schedule and no conversion.
    if slips.contains(.timeIgnored) {
      return slips.allSatisfy { [.timeIgnored, .signFlipped].contains($0) }
    }
    // A shift of the time looks like another schedule: beside one neither could be told.
    if slips.contains(.shiftedTwice) {
      return slips.allSatisfy { [.shiftedTwice, .inputsTimeFirst, .inputsTimeLast].contains($0) }
    }
    // Units beside another slip, and schedules that nobody trains with beside one, fit by chance what has learned
    // little.
    let others = slips.filter { ![.inputsTimeFirst, .inputsTimeLast].contains($0) }
    if slips.contains(.dataUnscaled), others.count > 1 { return false }
    if case .polynomial = scheduler, others.count > 1, slips.contains(.schedule(scheduler)) {
      return false
    }
    if weight <= 2 { return true }
    let isOfDiffusion = slips.allSatisfy {
      switch $0 {
      case .timeReversed, .predicts, .schedule: true
      default: false
      }
    }
    return weight == 3 && isOfDiffusion
  }
}

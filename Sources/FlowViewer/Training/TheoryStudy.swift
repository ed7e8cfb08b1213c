import FlowMatching

/// The identities of the theory on what is being trained, one after the other: for its exact field,
/// and where they hold for every field for the learned one.
public struct TheoryStudy: Sendable {
  /// One identity and how far its sides are apart.
  public struct Row: Sendable, Hashable {
    public let number: Int
    public let name: String
    public let equation: String
    /// A false statement, which passes by failing.
    public let isControl: Bool
    public fileprivate(set) var exact: TheoryVerdict?
    public fileprivate(set) var learned: TheoryVerdict?
  }

  /// The step of the weights that were tried.
  public private(set) var step: Int
  /// A row a check; empty where the exact field of the target is not known.
  public private(set) var rows: [Row]
  private let exact: TheorySetting?
  private var learned: TheorySetting?
  private var next = 0

  /// A study that has not begun.
  init(_ trainer: Trainer) {
    let experiment = trainer.experiment
    exact = TheorySetting(
      dataset: trainer.dataset, scheduler: experiment.scheduler, seed: experiment.seed)
    rows =
      exact == nil
      ? []
      : TheoryCheck.all.map {
        Row(number: $0.number, name: $0.name, equation: $0.equation, isControl: $0.isControl)
      }
    step = 0
    renew(trainer)
  }

  /// Tries newer weights; what does not depend on them stays.
  mutating func renew(_ trainer: Trainer) {
    step = trainer.stepsDone
    next = 0
    learned = TheorySetting(
      dataset: trainer.dataset, scheduler: trainer.experiment.scheduler,
      seed: trainer.experiment.seed,
      flow: trainer.velocityField(of: trainer.averagedWeights))
  }

  /// Whether every identity has been tried.
  public var isOver: Bool { next == rows.count }

  /// Tries one more identity.
  mutating func advance() {
    guard !isOver, let exact, let learned else { return }
    let check = TheoryCheck.all[next]
    if rows[next].exact == nil, check.applies(to: exact) {
      rows[next].exact = check.verdict(in: exact)
    }
    if check.applies(to: learned) { rows[next].learned = check.verdict(in: learned) }
    next += 1
  }
}

extension AppState {
  /// Seconds after which newer weights are tried.
  private static let theoryInterval = 10.0

  /// Soon while the identities are on show and still being tried.
  var theoryDelay: Double? {
    look.scenery.view == .theory && !(training.report.theory?.isOver ?? false) ? 0.1 : nil
  }

  /// Asks for the identities while they are on show: at once, and again for newer weights.
  mutating func theoryRequests() -> [Effect] {
    guard look.scenery.view == .theory else {
      training.nextTheoryTime = now
      return []
    }
    let isNeeded =
      training.report.theory.map { $0.isOver && $0.step != training.report.step } ?? true
    guard isNeeded, now >= training.nextTheoryTime else { return [] }
    training.nextTheoryTime = now + AppState.theoryInterval
    return [.trainer(.theory)]
  }
}

/// One setting of an experiment, with everything that anybody has to know of it: options, files of
/// settings, checkpoints and lists of parameters are all made of these.
public struct ExperimentSetting: Sendable {
  /// What a change means for a run in training.
  public enum Change: Sendable, Hashable {
    /// The run begins anew.
    case restarts
    /// The run goes on with it, also from a checkpoint; the curves are marked with the symbol, if it
    /// has one.
    case adjusts(symbol: String)
  }

  /// The name of its option, and its key in a file of settings: “learning-rate”.
  public let name: String
  /// What it is called on the screen: “learning rate”.
  public let title: String
  /// One sentence about it.
  public let summary: String
  /// What a change means for a run in training.
  public let change: Change
  /// The form of its value.
  public let kind: SettingKind
  /// What its value may be, in words that follow “must be”.
  public let range: String
  /// Every value with a name; empty for numbers.
  public let choices: [SettingChoice]
  /// The heading under which the choices are listed; empty where they are not.
  public let family: String
  /// Values to go through one by one, as they are typed.
  public let suggestions: [String]
  /// Whether it counts beside the other choices of an experiment.
  public let counts: @Sendable (Experiment) -> Bool

  private let get: @Sendable (Experiment) -> String
  private let put: @Sendable (inout Experiment, String) throws(SettingMistake) -> Void
  private let named: @Sendable (String) -> String?
  private let holds: @Sendable (Experiment) -> Bool
  private let read: @Sendable (Values, inout Experiment) throws -> Void
  private let lead: @Sendable (inout Experiment) -> Void

  /// An experiment as a file holds it.
  typealias Values = KeyedDecodingContainer<Key>

  /// A key of an experiment in a file.
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// A setting that is a property of the experiment, with its key in checkpoints; nil for a property of
  /// a group, which is read as a whole. `leading` makes other choices go with it.
  init<Value: Codable & Sendable>(
    _ name: String, _ title: String, _ property: WritableKeyPath<Experiment, Value> & Sendable,
    _ key: String?, _ domain: SettingDomain<Value>,
    change: Change = .restarts, _ summary: String,
    counts: @escaping @Sendable (Experiment) -> Bool = { _ in true },
    leading: @escaping @Sendable (inout Experiment) -> Void = { _ in }
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.change = change
    self.counts = counts
    kind = domain.kind
    range = domain.range
    choices = domain.choices
    family = domain.family
    suggestions = domain.suggestions
    lead = leading
    get = { domain.write($0[keyPath: property]) }
    put = { experiment, text throws(SettingMistake) in
      experiment[keyPath: property] = try domain.read(text)
    }
    named = { text in (try? domain.read(text)).map(domain.title) }
    holds = { domain.contains($0[keyPath: property]) }
    read = { values, experiment in
      guard let key,
        let value = try values.decodeIfPresent(Value.self, forKey: Key(stringValue: key))
      else { return }
      experiment[keyPath: property] = value
    }
  }

  /// Its value in an experiment, as it is typed.
  public func text(_ experiment: Experiment) -> String { get(experiment) }

  /// Sets it to what a text says; whether that goes with the other choices, `validate` tells.
  public func set(
    _ experiment: inout Experiment, to text: String
  ) throws(SettingMistake) {
    try put(&experiment, text)
  }

  /// Whether a text is one of its values.
  public func accepts(_ text: String) -> Bool {
    var experiment = Experiment()
    return (try? put(&experiment, text)) != nil
  }

  /// Makes the choices follow that have no other way to go with it: a flow of affine layers is learned
  /// by likelihood.
  public func lead(_ experiment: inout Experiment) { lead(&experiment) }

  /// How a value is written on the screen: the title of what a name stands for, a number as it is.
  public func title(of text: String) -> String { (kind == .text ? named(text) : nil) ?? text }

  /// What is wrong with its value in an experiment, such as “batch must be 1 to 1048576”; nil where
  /// nothing is.
  public func complaint(_ experiment: Experiment) -> String? {
    guard !holds(experiment) else { return nil }
    var copy = experiment
    do throws(SettingMistake) { try put(&copy, get(experiment)) } catch {
      if case .unknown(let name) = error { return name.description }
    }
    return "\(title) must be \(range)"
  }

  /// Takes its value from a file that names it.
  func decode(_ values: Values, into experiment: inout Experiment) throws {
    try read(values, &experiment)
  }
}

extension Experiment {
  /// The most weights that a network may have.
  public static let weightLimit = 1 << 24

  /// What is wrong with the values of its settings, one by one; nil where nothing is.
  public var complaint: String? {
    if let first = Experiment.settings.lazy.compactMap({ $0.complaint(self) }).first {
      return first
    }
    return sizeComplaint
  }

  /// Why its network is too large; nil where it is not.
  public var sizeComplaint: String? {
    parameterCount > Experiment.weightLimit
      ? "widths make a network of more than 16 million weights" : nil
  }
}

extension LikelihoodOptions {
  /// How the likelihood is solved in training.
  static let settings: [ExperimentSetting] = [
    setting(
      "solver", "likelihood solver", \.likelihood.solver, .solver,
      "The method that carries data back to noise in training."),
    setting(
      "steps", "likelihood steps", \.likelihood.steps,
      .whole(1...1000).suggesting(["5", "10", "20", "50", "100"]),
      "Equal steps of that method."),
    setting(
      "divergence", "divergence method", \.likelihood.divergence,
      .cases("divergence").listed("divergences") {
        switch $0 {
        case .exact: "the trace itself"
        case .rademacher: "an estimate with probes of signs ±1"
        case .gaussian: "an estimate with normal probes"
        }
      },
      "How the divergence along the way is obtained."),
    setting(
      "gradient", "gradient method", \.likelihood.gradient,
      .cases("gradient").listed("gradients") {
        switch $0 {
        case .discrete: "of what the solver computes, back through its steps"
        case .adjoint: "of the flow itself, by the adjoint equation"
        }
      },
      "Which gradient is followed: the solver's or the flow's own."),
    setting(
      "clip", "gradient clip", \.likelihood.clip,
      .positive.suggesting(["1", "3", "10", "30", "100"]),
      "The greatest norm of the gradient; a longer one is shortened."),
    setting(
      "beside-matching", "matching beside", \.likelihood.besideMatching, .flag,
      "Whether flow matching is trained beside it with as much of the network's work, to compare."),
  ]

  /// A setting of the group; it counts where a velocity is learned by likelihood.
  private static func setting<Value: Codable & Sendable>(
    _ name: String, _ title: String, _ property: WritableKeyPath<Experiment, Value> & Sendable,
    _ domain: SettingDomain<Value>, _ summary: String
  ) -> ExperimentSetting {
    ExperimentSetting(
      "likelihood-" + name, title, property, nil, domain, summary,
      counts: { $0.objective == .likelihood && $0.model == .velocity })
  }
}

extension SettingDomain where Value == String {
  /// The methods of ODEs.
  public static let solver = name { text throws(UnknownName) in
    _ = try ButcherTableau.named(text)
  }.listing(
    "solvers",
    ButcherTableau.all.map {
      SettingChoice(name: $0.name, note: "\($0.title), order \($0.order)")
    }
  ).titled { name in ButcherTableau.all.first { $0.name == name }?.title ?? name }

  /// The data sets of the catalogue.
  static let dataset: SettingDomain = {
    var domain = name("a name of the list, or text: and a word") { text throws(UnknownName) in
      _ = try DatasetCatalog.named(text)
    }.listing(
      "data sets", DatasetCatalog.all.map { SettingChoice(name: $0.name, note: $0.summary) }
    ).titled { name in (try? DatasetCatalog.named(name))?.title ?? name }
    // That of a run may be a file's, which is in no catalogue.
    domain.contains = { _ in true }
    return domain
  }()

  /// Where points lie.
  static let space = name { text throws(UnknownName) in
    if text != Experiment.plane { _ = try Spaces.named(text) }
  }.listing(
    "spaces",
    [SettingChoice(name: Experiment.plane, note: "x and y")]
      + Spaces.all.map { SettingChoice(name: $0.name, note: $0.summary) }
  ).titled { name in Spaces.all.first { $0.name == name }?.title ?? name }

  /// Where flows may start.
  static let source: SettingDomain = {
    let names =
      Source.names + Source.curvedNames.prefix(1) + [TokenSource.mask.rawValue]
      + Source.curvedNames.dropFirst()
    var domain = name { text throws(UnknownName) in
      if !isSource(text) { throw UnknownName(kind: "source", name: text, among: names) }
    }.listing("", names.map { SettingChoice(name: $0) })
    domain.contains = { isSource($0) || $0 == Source.points }
    return domain
  }()

  /// Whether a flow may start from what has that name, in some space.
  private static func isSource(_ name: String) -> Bool {
    ([nil] + Spaces.all).contains { Source.exists(name, on: $0) }
      || TokenSource(rawValue: name) != nil
  }
}

extension SettingDomain where Value == Scheduler {
  /// The schedules, with all polynomials.
  static let scheduler = SettingDomain(
    .text, range: "a name of the list",
    read: { text throws(SettingMistake) in
      do throws(UnknownName) { return try Scheduler.named(text) } catch { throw .unknown(error) }
    }, write: { $0.name }
  ).listing(
    "schedulers",
    Scheduler.all.map {
      SettingChoice(
        name: $0.name, note: $0.formula + ($0.startMismatch.map { "; " + $0 } ?? ""))
    }
  ).titled(\.title)
}

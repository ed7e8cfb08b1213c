import ArgumentParser
import FileFormats
import FlowMatching

/// For which class a flow is asked, and how strongly, or given which observation: the same wherever one is.
struct GuidanceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The class, by name or number from 0.", valueName: "class"))
  var label: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The weight w of guidance, u = u(none) + w (u(class) − u(none)): 1 is none, 0 all data.",
      valueName: "w"))
  var guidance: String?

  @Option(
    help: ArgumentHelp(
      "Where in t the weight counts, such as 0.2,0.8 (default: everywhere).", valueName: "A,B"))
  var guidanceInterval: String?

  @Option(
    help: ArgumentHelp(
      "Guide away from this checkpoint's flow instead of from no class: autoguidance.",
      valueName: "file"), completion: .file())
  var guide: String?

  @Option(
    name: .customLong("given"), parsing: .unconditional,
    help: ArgumentHelp(
      "What was observed, a number for each column, where a posterior was learned.",
      valueName: "X1,X2,…"))
  var observed: String?

  /// Whether anything was given.
  var isGiven: Bool { given != nil }

  /// The first option that was given.
  private var given: String? {
    [
      ("--label", label != nil), ("--guidance", guidance != nil),
      ("--guidance-interval", guidanceInterval != nil), ("--guide", guide != nil),
      ("--given", observed != nil),
    ].first(where: \.1)?.0
  }

  /// Refuses the options where there are no classes.
  func refuse(_ reason: String) throws {
    if let given { throw Failure.usage("\(given): \(reason)", option: given) }
  }

  /// The class and the weight among such classes; `subject` is what knows them.
  func guidance(among classes: [String], of subject: String) throws -> Guidance {
    var result = Guidance.none
    if let label {
      guard !classes.isEmpty else {
        throw Failure.usage(
          "\(subject) knows no classes: leave out --label, or train with --labels",
          option: "--label")
      }
      guard let number = Experiment.label(named: label, among: classes) else {
        throw Failure.usage(
          "--label: \(UnknownName(kind: "class", name: label, among: classes))", option: "--label")
      }
      result.label = number
    }
    result.weight = try weight() ?? 1
    (result.start, result.end) = try interval() ?? (0, 1)
    guard guidance != nil else {
      for (name, isGiven) in [
        ("--guidance-interval", guidanceInterval != nil), ("--guide", guide != nil),
      ] where isGiven {
        throw Failure.usage("\(name) needs --guidance W, such as 2", option: name)
      }
      return result
    }
    guard label != nil || guide != nil else {
      throw Failure.usage(
        classes.isEmpty
          ? "--guidance needs classes, which \(subject) does not know: train with --labels, or give "
            + "--guide FILE"
          : "--guidance needs --label, one of: \(classes.joined(separator: ", "))",
        option: "--guidance")
    }
    return result
  }

  /// What was observed, where a posterior has to be told; nil where none was learned.
  func observation(among columns: [ObservedColumn], of subject: String) throws -> [Double]? {
    guard !columns.isEmpty else {
      guard observed == nil else {
        throw Failure.usage(
          "\(subject) has learned no posterior: leave out --given, or train with --observations",
          option: "--given")
      }
      return nil
    }
    let names = columns.map { Output.visible($0.name) }.joined(separator: ",")
    guard let observed else {
      throw Failure.usage(
        "\(subject) has learned a posterior: say what was observed with --given \(names)",
        option: "--given")
    }
    if let other = given, other != "--given" {
      throw Failure.usage("\(other): a posterior has no classes", option: other)
    }
    let numbers = observed.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.filter { $0 != " " }) ?? .nan }
    guard numbers.count == columns.count, numbers.allSatisfy({ $0.isFinite }) else {
      throw Failure.usage(
        "--given must be \(columns.count == 1 ? "a number" : "\(columns.count) numbers"), \(names), not "
          + "“\(Output.visible(observed))”", option: "--given")
    }
    guard zip(columns, numbers).allSatisfy({ abs(($1 - $0.mean) / $0.deviation) <= 1e6 }) else {
      throw Failure.usage(
        "--given is more than a million deviations off what was learned: are the units those of the "
          + "simulations?", option: "--given")
    }
    return numbers
  }

  /// Says where no simulation was like what was observed: a network answers there too.
  private func tellFar(_ observation: [Double], _ columns: [ObservedColumn]) {
    for (column, number) in zip(columns, observation) {
      let far = abs((number - column.mean) / column.deviation)
      guard far > GuidanceOptions.seen else { continue }
      Output.message(
        "flowscope: --given: \(Output.visible(column.name)) = \(number) is \(Int(far)) deviations from the mean of "
          + "the simulations: what is said there was never learned")
    }
  }

  /// So many deviations from their mean hardly any simulations are.
  private static let seen = 6.0

  func weight() throws -> Double? {
    guard let guidance else { return nil }
    guard let weight = Double(guidance), weight.isFinite, abs(weight) <= 1e6 else {
      throw Failure.usage(
        "--guidance must be a number from -1e6 to 1e6, such as 2, not “\(guidance)”",
        option: "--guidance")
    }
    return weight
  }

  private func interval() throws -> (Double, Double)? {
    guard let guidanceInterval else { return nil }
    let ends = guidanceInterval.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0) ?? .nan }
    guard ends.count == 2, ends[0] >= 0, ends[0] < ends[1], ends[1] <= 1 else {
      throw Failure.usage(
        "--guidance-interval must be two times that rise within 0 to 1, such as 0.2,0.8, not "
          + "“\(guidanceInterval)”", option: "--guidance-interval")
    }
    return (ends[0], ends[1])
  }

  /// The flow of a file, of the class and guided as the options say.
  func flow(of stored: StoredRun, _ model: ModelOptions) throws -> LearnedField {
    let experiment = try model.experiment(of: stored)
    return try flow(of: stored, in: experiment, Output.visible(model.checkpoint))
  }

  /// The same of an experiment; `name` is what the file is called.
  func flow(
    of stored: StoredRun, in experiment: Experiment, _ name: String
  ) throws -> LearnedField {
    if let observation = try observation(among: experiment.traits.observed, of: name) {
      tellFar(observation, experiment.traits.observed)
      return experiment.velocityField(of: stored.weights, Guidance(given: observation))
    }
    guard isGiven else { return experiment.velocityField(of: stored.weights) }
    let asked = try guidance(among: experiment.traits.classes, of: name)
    if asked.needsGuide, !experiment.traits.isGuidable {
      throw Failure.usage(
        "\(name) cannot be guided: it has learned more than a velocity (\(experiment.kind.shortTitle)); "
          + "leave out --guidance", option: "--guidance")
    }
    let other = try guide.map { path in
      try guideFlow(path, stored, experiment, class: asked.label.map { experiment.classes[$0] })
    }
    return experiment.velocityField(of: stored.weights, asked, awayFrom: other)
  }

  /// The flow of `--guide`: of the same class where it knows classes.
  private func guideFlow(
    _ path: String, _ stored: StoredRun, _ own: Experiment, class name: String?
  ) throws -> any Flow {
    let shown = Output.visible(path)
    func refuse(_ reason: String) -> any Error {
      Failure.usage("--guide \(shown) \(reason)", option: "--guide")
    }
    let guide: StoredRun
    do throws(FileFailure) {
      guide = try StoredRun(reading: path, otherwise: own.activation)
    } catch { throw Failure.file(error, path, isInput: true) }
    let experiment = guide.experiment(beside: own)
    let traits = experiment.traits
    guard traits.isGuidable else {
      throw refuse("has learned no velocity, or more than one (\(experiment.kind.shortTitle))")
    }
    guard experiment.dimension == own.dimension, experiment.space == own.space else {
      throw refuse(
        "moves points of \(experiment.dimension) coordinates in another space than the flow, of "
          + "\(own.dimension)")
    }
    guard experiment.scheduler == own.scheduler, experiment.path == own.path else {
      throw refuse(
        "follows another path, \(experiment.path) \(experiment.scheduler.name): velocities at one t are "
          + "no longer those of one time")
    }
    guard guide.units.data == stored.units.data else {
      throw refuse(
        "works in other units: train both with or without --standardise, on the same points")
    }
    var label: Int?
    if let name, !traits.classes.isEmpty {
      label = traits.classes.firstIndex(of: name)
      if label == nil { throw refuse("knows no class “\(name)”") }
    }
    return experiment.velocityField(
      of: guide.weights, label.map { Guidance(label: $0) } ?? .none)
  }
}

import ArgumentParser
import FlowMatching

/// What holds where nobody says otherwise.
private let usual = Experiment()

/// What is learned, by which network and for how long: the same options wherever something trains.
///
/// An option that was not given is nil, so that nobody has to guess it from its value: what holds
/// without it is the experiment that a command begins with, a preset's, a checkpoint's or the usual one.
struct ExperimentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The target distribution (default: \(usual.dataset)).", valueName: "name"),
    completion: .datasets)
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Where the flow starts: gaussian, a data set, or the points of an npy or CSV file "
        + "(default: \(usual.source)).",
      valueName: "name or file"), completion: .sources)
  var source: String?

  @Option(
    help: ArgumentHelp(
      "The path between the ends: \(ExperimentOptions.names(ConditionalPath.self)) "
        + "(default: \(usual.path)).",
      valueName: "name"), completion: .paths)
  var path: String?

  @Option(
    help: ArgumentHelp(
      "The schedule of data and noise: \(Scheduler.all.map(\.name).joined(separator: ", ")) "
        + "(default: \(usual.scheduler.name)).",
      valueName: "name"), completion: .schedulers)
  var scheduler: String?

  @Option(
    help: ArgumentHelp(
      "How the ends of a batch are paired: \(ExperimentOptions.names(CouplingChoice.self)) "
        + "(default: \(usual.coupling)).",
      valueName: "name"), completion: .couplings)
  var coupling: String?

  @Option(
    help: ArgumentHelp(
      "What the network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: \(usual.prediction.rawValue)).",
      valueName: "name"), completion: .predictions)
  var prediction: String?

  @Option(
    help: ArgumentHelp(
      "What training minimises: \(ExperimentOptions.names(Loss.self)) (default: \(usual.loss)).",
      valueName: "name"), completion: .losses)
  var loss: String?

  @Option(
    help: ArgumentHelp(
      "Hidden layers (default: \(usual.widths.map(String.init).joined(separator: ","))).",
      valueName: "n,n,…"))
  var widths: String?

  @Option(
    help: ArgumentHelp(
      "The activation: \(Activation.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: \(usual.activation.rawValue)).",
      valueName: "name"), completion: .activations)
  var activation: String?

  @Option(
    help: "Points in a training batch, 1 to 1048576 (default: \(usual.batch)).",
    transform: WholeNumber.parse)
  var batch: Int?

  @Option(help: "Adam's learning rate (default: \(usual.learningRate)).")
  var learningRate: Double?

  @Option(help: "AdamW's decoupled weight decay; 0 is Adam (default: \(usual.weightDecay)).")
  var weightDecay: Double?

  @OptionGroup var objective: ObjectiveOptions

  @Option(
    help: "Optimiser steps in all, 1 to 1000000000 (default: \(usual.steps)).",
    transform: WholeNumber.parse)
  var trainSteps: Int?

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of every random stream (default: \(usual.seed)).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  /// The file that `--source` names; nil where it is the name of a distribution, which never has a
  /// dot or a slash.
  var sourceFile: String? {
    source.flatMap { $0 == "-" || $0.contains { $0 == "." || $0 == "/" } ? $0 : nil }
  }

  /// The members of a family, those with a number with their defaults.
  private static func names<Choice: NumberedChoice>(_: Choice.Type) -> String {
    Choice.all.map(\.description).joined(separator: ", ")
  }

  /// How ends, path, prediction and loss are chosen; names that do not exist are usage errors.
  private func choose(_ experiment: inout Experiment) throws {
    if let dataset {
      experiment.dataset = try Failure.named("--dataset") { try DatasetCatalog.named(dataset).name }
    }
    if let source {
      try Failure.named("--source") {
        guard Source.names.contains(source) || sourceFile != nil else {
          throw UnknownName(kind: "source", name: source, among: Source.names)
        }
      }
      experiment.source = sourceFile == nil ? source : Source.points
    }
    if let prediction {
      experiment.prediction = try Failure.choice("--prediction", "prediction", prediction)
    }
    if let activation {
      experiment.activation = try Failure.choice("--activation", "activation", activation)
    }
    if let path {
      experiment.path = try Failure.named("--path") { try ConditionalPath.named(path) }
    }
    if let scheduler {
      experiment.scheduler = try Failure.named("--scheduler") { try Scheduler.named(scheduler) }
    }
    if let coupling {
      experiment.coupling = try Failure.named("--coupling") { try CouplingChoice.named(coupling) }
    }
    if let loss { experiment.loss = try Failure.named("--loss") { try Loss.named(loss) } }
  }

  /// Refuses choices that do not go together as a usage error.
  static func validate(_ experiment: Experiment, to dataset: Dataset) throws {
    do throws(IncompatibleChoice) { try experiment.validate(to: dataset) } catch {
      throw Failure.usage(error.description + SettingOrigins.reminder)
    }
  }

  /// The given experiment with everything that an option says, each value inside its range;
  /// `validate` tells whether they go together.
  func experiment(over base: Experiment = Experiment()) throws -> Experiment {
    var experiment = base
    try choose(&experiment)
    if let widths { experiment.widths = try ExperimentOptions.layers(widths) }
    if let batch {
      guard (1...1_048_576) ~= batch else {
        throw Failure.usage("--batch must be 1 to 1048576, not \(batch)", option: "--batch")
      }
      experiment.batch = batch
    }
    if let learningRate {
      guard learningRate > 0, learningRate.isFinite else {
        throw Failure.usage(
          "--learning-rate must be a positive number, such as 1e-3, not \(learningRate)",
          option: "--learning-rate")
      }
      experiment.learningRate = learningRate
    }
    if let weightDecay {
      guard weightDecay >= 0, weightDecay.isFinite else {
        throw Failure.usage(
          "--weight-decay must be 0 or a positive number, not \(weightDecay)",
          option: "--weight-decay")
      }
      experiment.weightDecay = weightDecay
    }
    if let trainSteps {
      guard (1...1_000_000_000) ~= trainSteps else {
        throw Failure.usage(
          "--train-steps must be 1 to 1000000000, not \(trainSteps)", option: "--train-steps")
      }
      experiment.steps = trainSteps
    }
    if let seed { experiment.seed = seed }
    try objective.apply(to: &experiment)
    guard experiment.parameterCount <= 1 << 24 else {
      throw Failure.usage(
        "--widths makes a network of more than 16 million weights", option: "--widths")
    }
    return experiment
  }

  /// The hidden layers that “64,64,64” names.
  private static func layers(_ text: String) throws -> [Int] {
    let layers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { WholeNumber(String($0)).flatMap { Int(exactly: $0.value) } ?? 0 }
    guard !layers.isEmpty, layers.count <= 16, layers.allSatisfy({ (1...4096) ~= $0 })
    else {
      throw Failure.usage(
        "--widths needs 1 to 16 layers of 1 to 4096 units, such as 64,64,64", option: "--widths")
    }
    return layers
  }
}

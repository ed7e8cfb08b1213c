import ArgumentParser
import FlowMatching

/// What is learned, by which network and for how long: the same options wherever something trains.
struct ExperimentOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The target distribution.", valueName: "name"))
  var dataset = Experiment().dataset

  @Option(
    help: ArgumentHelp(
      "Where the flow starts: gaussian, a data set, or the points of an npy or CSV file.",
      valueName: "name or file"))
  var source = Experiment().source

  @Option(
    help: ArgumentHelp(
      "The path between the ends: \(ExperimentOptions.names(ConditionalPath.self)).",
      valueName: "name"))
  var path = Experiment().path.description

  @Option(
    help: ArgumentHelp(
      "The schedule of data and noise: \(Scheduler.all.map(\.name).joined(separator: ", ")).",
      valueName: "name"))
  var scheduler = Experiment().scheduler.name

  @Option(
    help: ArgumentHelp(
      "How the ends of a batch are paired: \(ExperimentOptions.names(CouplingChoice.self)).",
      valueName: "name"))
  var coupling = Experiment().coupling.description

  @Option(
    help: ArgumentHelp(
      "What the network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var prediction = Experiment().prediction.rawValue

  @Option(
    help: ArgumentHelp(
      "What training minimises: \(ExperimentOptions.names(Loss.self)).", valueName: "name"))
  var loss = Experiment().loss.description

  @Option(help: ArgumentHelp("Hidden layers, such as 64,64,64.", valueName: "n,n,…"))
  var widths = "64,64,64"

  @Option(
    help: ArgumentHelp(
      "The activation: \(Activation.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var activation = Experiment().activation.rawValue

  @Option(help: "Points in a training batch.")
  var batch = Experiment().batch

  @Option(help: "Adam's learning rate.")
  var learningRate = Experiment().learningRate

  @Option(help: "AdamW's decoupled weight decay; 0 is Adam.")
  var weightDecay = Experiment().weightDecay

  @OptionGroup var objective: ObjectiveOptions

  @Option(help: "Optimiser steps in all.")
  var trainSteps = Experiment().steps

  @Option(help: "The seed of every random stream.")
  var seed = Experiment().seed

  /// The data set; a name that does not exist is a usage error that names the nearest.
  func target() throws -> Dataset {
    do { return try DatasetCatalog.named(dataset) } catch {
      throw Failure.usage(error.description)
    }
  }

  /// The file that `--source` names; nil where it is the name of a distribution, which never has a
  /// dot or a slash.
  var sourceFile: String? {
    source == "-" || source.contains { $0 == "." || $0 == "/" } ? source : nil
  }

  /// The members of a family, those with a number with their defaults.
  private static func names<Choice: NumberedChoice>(_: Choice.Type) -> String {
    Choice.all.map(\.description).joined(separator: ", ")
  }

  /// How ends, path, prediction and loss are chosen; names that do not exist are usage errors.
  private func choose(_ experiment: inout Experiment) throws {
    do {
      guard Source.names.contains(source) || sourceFile != nil else {
        throw UnknownName(kind: "source", name: source, among: Source.names)
      }
      guard let prediction = Prediction(rawValue: prediction) else {
        throw UnknownName(
          kind: "prediction", name: self.prediction, among: Prediction.allCases.map(\.rawValue))
      }
      experiment.source = sourceFile == nil ? source : Source.points
      experiment.prediction = prediction
      experiment.path = try ConditionalPath.named(path)
      experiment.scheduler = try Scheduler.named(scheduler)
      experiment.coupling = try CouplingChoice.named(coupling)
      experiment.loss = try Loss.named(loss)
    } catch let error as UnknownName { throw Failure.usage(error.description) }
  }

  /// Refuses choices that do not go together as a usage error.
  static func validate(_ experiment: Experiment, to dataset: Dataset) throws {
    do throws(IncompatibleChoice) { try experiment.validate(to: dataset) } catch {
      throw Failure.usage(error.description)
    }
  }

  /// The experiment, every value inside its range; `validate` tells whether they go together.
  func experiment() throws -> Experiment {
    var experiment = Experiment()
    experiment.dataset = try target().name
    try choose(&experiment)
    let layers = widths.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !layers.isEmpty, layers.count <= 16,
      layers.allSatisfy({ $0 != nil && (1...4096) ~= $0! })
    else {
      throw Failure.usage("--widths needs 1 to 16 layers of 1 to 4096 units, such as 64,64,64")
    }
    experiment.widths = layers.compactMap { $0 }
    guard let activation = Activation(rawValue: activation) else {
      let names = Activation.allCases.map(\.rawValue)
      throw Failure.usage(
        UnknownName(kind: "activation", name: self.activation, among: names).description)
    }
    experiment.activation = activation
    guard (1...1_048_576) ~= batch else { throw Failure.usage("--batch must be 1 to 1048576") }
    experiment.batch = batch
    guard learningRate > 0, learningRate.isFinite else {
      throw Failure.usage("--learning-rate must be a positive number, such as 1e-3")
    }
    experiment.learningRate = learningRate
    guard weightDecay >= 0, weightDecay.isFinite else {
      throw Failure.usage("--weight-decay must be 0 or a positive number")
    }
    experiment.weightDecay = weightDecay
    guard (1...1_000_000_000) ~= trainSteps else {
      throw Failure.usage("--train-steps must be 1 to 1000000000")
    }
    experiment.steps = trainSteps
    experiment.seed = seed
    try objective.apply(to: &experiment)
    guard experiment.parameterCount <= 1 << 24 else {
      throw ValidationError("--widths makes a network of more than 16 million weights")
    }
    return experiment
  }
}

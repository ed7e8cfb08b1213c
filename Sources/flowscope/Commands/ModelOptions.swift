import ArgumentParser
import FileFormats
import FlowMatching

/// A trained network from a file: the same wherever one is read.
struct ModelOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("A checkpoint, or a PyTorch network.", valueName: "checkpoint"))
  var checkpoint: String

  @Option(
    help: ArgumentHelp(
      "A foreign network's activation: "
        + "\(Activation.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "What the network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: as the checkpoint says, or velocity).",
      valueName: "name"))
  var prediction: String?

  @Option(
    help: ArgumentHelp(
      "The schedule that it was trained under (default: the checkpoint's, or conditional OT).",
      valueName: "name"))
  var scheduler: String?

  /// How the network was trained, as far as the file or the options say, on its way to a data set.
  func experiment(of checkpoint: Checkpoint, to dataset: Dataset? = nil) throws -> Experiment {
    var experiment = checkpoint.experiment ?? Experiment()
    experiment.dimension = checkpoint.weights.shape.dimension
    experiment.widths = checkpoint.weights.shape.widths
    experiment.activation = checkpoint.weights.shape.activation
    if let dataset { experiment.dataset = dataset.name }
    do {
      if let prediction {
        guard let known = Prediction(rawValue: prediction) else {
          throw UnknownName(
            kind: "prediction", name: prediction, among: Prediction.allCases.map(\.rawValue))
        }
        experiment.prediction = known
      }
      if let scheduler { experiment.scheduler = try Scheduler.named(scheduler) }
    } catch let error as UnknownName { throw Failure.usage(error.description) }
    do throws(IncompatibleChoice) { try experiment.validate() } catch {
      throw Failure.usage(error.description)
    }
    return experiment
  }

  /// The velocity field of a network, whatever it predicts.
  func field(of checkpoint: Checkpoint) throws -> NetworkField {
    try experiment(of: checkpoint).velocityField(of: checkpoint.weights)
  }

  /// Where the flow of a network starts.
  func source(of checkpoint: Checkpoint) throws -> any Distribution {
    let experiment = try experiment(of: checkpoint)
    do throws(FileFailure) {
      guard let dataset = try checkpoint.dataset() else { return StandardNormal(dimension: 2) }
      do { return try experiment.sourceDistribution(to: dataset) } catch {
        throw .malformed(error.description)
      }
    } catch { throw Failure.file(error, self.checkpoint, isInput: true) }
  }

  /// The same where its density has to be known.
  func knownSource(of checkpoint: Checkpoint) throws -> any DensityDistribution {
    guard let source = try source(of: checkpoint) as? any DensityDistribution else {
      throw Failure.usage(
        "log p needs the density of the source, which is not known of "
          + "“\(checkpoint.experiment?.source ?? "")”; train from one of known density")
    }
    return source
  }

  /// Reads a file with a velocity field.
  func load() throws -> Checkpoint {
    try read { path, activation throws(FileFailure) in
      try Input.checkpoint(path, activation: activation)
    }
  }

  /// Reads a file with a velocity field or couplings.
  func open() throws -> StoredModel {
    try read { path, activation throws(FileFailure) in
      try Input.model(path, activation: activation)
    }
  }

  private func read<Model>(
    _ read: (String, Activation?) throws(FileFailure) -> Model
  ) throws -> Model {
    let activation = try ModelOptions.activation(activation)
    do throws(FileFailure) { return try read(checkpoint, activation) } catch {
      if error == Checkpoint.isForeign {
        throw Failure.usage("\(Output.visible(checkpoint)): \(error)")
      }
      throw Failure.file(error, checkpoint, isInput: true)
    }
  }

  /// The activation of that name.
  static func activation(_ name: String?) throws -> Activation? {
    guard let name else { return nil }
    guard let activation = Activation(rawValue: name) else {
      let names = Activation.allCases.map(\.rawValue)
      throw Failure.usage(
        UnknownName(kind: "activation", name: name, among: names).description)
    }
    return activation
  }
}

/// Points from a file: `--columns` chooses among those of a CSV file.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Two columns of a CSV file, by name or number from 1.", valueName: "A,B"))
  var columns: String?

  /// The names or numbers of two columns, "A,B".
  private static func pair(_ columns: String?) throws -> (String, String)? {
    guard let columns else { return nil }
    let parts = columns.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw Failure.usage(
        "--columns needs two names or numbers, such as x,y or 1,2", option: "--columns")
    }
    guard parts[0] != parts[1] else {
      throw Failure.usage(
        "--columns names one column twice: “\(Output.visible(parts[0]))”",
        option: "--columns")
    }
    return (parts[0], parts[1])
  }

  /// A reader of the points in a file.
  func reader(of path: String) throws -> any PointReader {
    try ColumnOptions.reader(of: path, columns: columns)
  }

  /// A reader of the points in two columns of a file, "A,B" where it has more.
  static func reader(of path: String, columns: String?) throws -> any PointReader {
    let pair = try pair(columns)
    do throws(FileFailure) { return try Input.points(path, columns: pair) } catch {
      throw Failure.file(error, path, isInput: true)
    }
  }
}

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
      "What a foreign network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")) (default: velocity).",
      valueName: "name"))
  var prediction: String?

  @Option(
    help: ArgumentHelp(
      "The schedule that it was trained under (default: the checkpoint's, or conditional OT).",
      valueName: "name"))
  var scheduler: String?

  /// The velocity field of a network, whatever it predicts.
  func field(of checkpoint: Checkpoint) throws -> ConvertedField<MLP> {
    var predicted = Prediction.velocity
    if let prediction {
      guard let known = Prediction(rawValue: prediction) else {
        let names = Prediction.allCases.map(\.rawValue)
        throw Failure.usage(
          UnknownName(kind: "prediction", name: prediction, among: names).description)
      }
      predicted = known
    }
    return ConvertedField(
      MLP(checkpoint.weights), predicts: predicted, scheduler: try schedule(of: checkpoint))
  }

  /// The schedule that the network was trained under.
  func schedule(of checkpoint: Checkpoint) throws -> Scheduler {
    guard let scheduler else { return checkpoint.experiment?.scheduler ?? .conditionalOT }
    do { return try Scheduler.named(scheduler) } catch {
      throw Failure.usage(error.description)
    }
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

  /// The names or numbers of the two columns.
  func pair() throws -> (String, String)? {
    guard let columns else { return nil }
    let parts = columns.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw Failure.usage("--columns needs two names or numbers, such as x,y or 1,2")
    }
    return (parts[0], parts[1])
  }

  /// A reader of the points in a file.
  func reader(of path: String) throws -> any PointReader {
    let pair = try pair()
    do throws(FileFailure) { return try Input.points(path, columns: pair) } catch {
      throw Failure.file(error, path, isInput: true)
    }
  }
}

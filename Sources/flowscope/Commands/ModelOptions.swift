import ArgumentParser
import FileFormats
import FlowMatching

/// A trained network from a file: the same wherever one is read.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A checkpoint, or a PyTorch network.", valueName: "checkpoint"),
    completion: .file())
  var checkpoint: String

  @Option(
    help: ArgumentHelp(
      "A foreign network's activation: "
        + "\(Activation.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"), completion: .activations)
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "What the network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")) "
        + "(default: as the checkpoint says, or velocity).",
      valueName: "name"), completion: .predictions)
  var prediction: String?

  @Option(
    help: ArgumentHelp(
      "The schedule that it was trained under (default: the checkpoint's, or conditional OT).",
      valueName: "name"), completion: .schedulers)
  var scheduler: String?

  @OptionGroup var readingOptions: ReadingOptions

  /// How the network was trained, as far as the file or the options say, on its way to a data set.
  func experiment(of stored: StoredRun, to dataset: Dataset? = nil) throws -> Experiment {
    var experiment = stored.experiment(beside: Experiment())
    if let dataset { experiment.dataset = dataset.name }
    if let prediction = try chosenPrediction() { experiment.prediction = prediction }
    if let scheduler = try chosenScheduler() { experiment.scheduler = scheduler }
    do throws(IncompatibleChoice) { try experiment.validate() } catch {
      throw Failure.usage(error.description)
    }
    return experiment
  }

  /// The flow of whatever a file has learned.
  func flow(of stored: StoredRun) throws -> LearnedField {
    try experiment(of: stored).velocityField(of: stored.weights)
  }

  /// The velocity field of a network, whatever it predicts.
  func field(of stored: StoredRun) throws -> LearnedField {
    try field(of: stored, in: experiment(of: stored))
  }

  /// The same in an experiment.
  func field(of stored: StoredRun, in experiment: Experiment) throws -> LearnedField {
    // Layers and letters have no velocity; all else has one, of whatever networks.
    if experiment.traits.layers != nil || stored.weights.shape.letters != nil {
      do throws(FileFailure) { _ = try stored.network() } catch {
        throw Failure.file(error, checkpoint, isInput: true)
      }
    }
    if experiment.learnsPosterior {
      throw Failure.usage(
        "\(Output.visible(checkpoint)) has learned a posterior, a flow for every observation: sample, "
          + "likelihood, field and evaluate take --given")
    }
    if experiment.traits.ownNoise > 0 {
      throw Failure.usage(
        "\(Output.visible(checkpoint)) has learned a process with noise, whose drift alone leads elsewhere: "
          + "sample and evaluate follow it")
    }
    return experiment.velocityField(of: stored.weights)
  }

  /// Refuses a data set that lies in another space than a network's flow.
  func requireSpace(of stored: StoredRun, _ dataset: Dataset) throws {
    let own = stored.experiment?.spaceName ?? Experiment.plane
    let other = dataset.space?.name ?? Experiment.plane
    guard own != other else { return try requireDimension(of: stored, dataset) }
    throw Failure.usage(
      "\(dataset.name) lies on another space (\(other)) than the flow (\(own))", option: "--dataset"
    )
  }

  /// Refuses a data set of points with other coordinates than those that flow.
  func requireDimension(of stored: StoredRun, _ dataset: Dataset) throws {
    guard stored.weights.shape.letters == nil, dataset.dimension != stored.dimension else { return }
    throw Failure.usage(
      "\(dataset.name) has points of \(dataset.dimension) coordinates, the flow \(stored.dimension)",
      option: "--dataset")
  }

  /// Where the flow of a network starts.
  func source(of stored: StoredRun) throws -> any Distribution {
    let experiment = try experiment(of: stored)
    do throws(FileFailure) {
      guard let dataset = try stored.dataset() else {
        return StandardNormal(dimension: stored.dimension)
      }
      do { return try experiment.sourceDistribution(to: dataset) } catch {
        throw .malformed(error.description)
      }
    } catch { throw Failure.file(error, checkpoint, isInput: true) }
  }

  /// The same where its density has to be known.
  func knownSource(of stored: StoredRun) throws -> any DensityDistribution {
    guard let source = try source(of: stored) as? any DensityDistribution else {
      throw Failure.usage(
        "log p needs the density of the source, which is not known of "
          + "“\(stored.experiment?.source ?? "")”; train from one of known density")
    }
    return source
  }

  /// Reads a file with a velocity field; what was read of a foreign one is said unless `quiet`.
  func load(quiet: Bool) throws -> StoredRun {
    let loaded = try open(quiet: quiet)
    _ = try field(of: loaded)
    return loaded
  }

  /// Reads whatever a file has learned; what was read of a foreign network is said unless `quiet`.
  ///
  /// A foreign network that does not say its activation has the one of `otherwise`, or is refused.
  func open(quiet: Bool, otherwise: Activation? = nil) throws -> StoredRun {
    let reading = try reading()
    let opened: StoredRun
    do throws(FileFailure) {
      opened = try StoredRun(reading: checkpoint, as: reading, otherwise: otherwise)
    } catch {
      if error == StoredRun.isForeign {
        throw Failure.usage("\(Output.visible(checkpoint)): \(error)")
      }
      throw Failure.file(error, checkpoint, isInput: true)
    }
    if !quiet { opened.announce(checkpoint) }
    return opened
  }

  /// How a foreign network is read by the options.
  private func reading() throws -> NetworkReading {
    var reading = try readingOptions.reading()
    reading.activation = try ModelOptions.activation(activation)
    if let prediction = try chosenPrediction() { reading.prediction = prediction }
    if let scheduler = try chosenScheduler() { reading.scheduler = scheduler }
    return reading
  }

  private func chosenPrediction() throws -> Prediction? {
    try prediction.map { try Failure.choice("--prediction", "prediction", $0) }
  }

  private func chosenScheduler() throws -> Scheduler? {
    try scheduler.map { name in try Failure.named("--scheduler") { try Scheduler.named(name) } }
  }

  /// The activation of that name.
  static func activation(_ name: String?) throws -> Activation? {
    try name.map { try Failure.choice("--activation", "activation", $0) }
  }
}

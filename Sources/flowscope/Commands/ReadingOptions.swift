import ArgumentParser
import FileFormats
import FlowMatching

/// How a foreign network is read, where its file does not say: the same wherever one is opened.
struct ReadingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A foreign network's inputs: point-time (x, y, t) or time-point (t, x, y) "
        + "(default: as its metadata say, or point-time).", valueName: "order"),
    completion: .inputOrders)
  var inputOrder: String?

  @Option(
    help: ArgumentHelp(
      "Which of a file's networks: ema, online, or the name of its tensors (default: ema).",
      valueName: "name"))
  var network: String?

  /// A usage error for an option that was given where there is no such network.
  func refuse(_ which: String) throws {
    for (name, isGiven) in [("--input-order", inputOrder != nil), ("--network", network != nil)]
    where isGiven {
      throw Failure.usage("\(name) says how the network \(which) is read", option: name)
    }
  }

  /// What was said; names that do not exist are usage errors.
  func reading() throws -> NetworkReading {
    var reading = NetworkReading()
    reading.network = network
    if let inputOrder {
      reading.inputOrder = try Failure.choice("--input-order", "input order", inputOrder)
    }
    return reading
  }
}

extension StoredModel {
  /// Says what was read of a foreign network, and what was left.
  func announce(_ path: String) {
    guard case .velocity(let checkpoint) = self else { return }
    checkpoint.announce(path)
  }

  /// The same sentence; nil for a file of this program.
  var readingWords: String? {
    guard case .velocity(let checkpoint) = self else { return nil }
    return checkpoint.readingWords
  }

  /// Warns where the data say that a foreign network takes its inputs in the other order.
  func warn(_ path: String, beside experiment: Experiment, on dataset: Dataset) {
    guard case .velocity(let checkpoint) = self else { return }
    checkpoint.warn(path, beside: experiment, on: dataset)
  }
}

extension Checkpoint {
  /// Says what was read of a foreign network, and what was left.
  func announce(_ path: String) {
    guard let words = readingWords else { return }
    Output.message("\(Output.visible(path)): \(words)")
  }

  /// The same sentence; nil for a file of this program.
  var readingWords: String? { foreign?.words(as: weights.shape.activation) }

  /// Warns where the data say that a foreign network takes its inputs in the other order.
  func warn(_ path: String, beside experiment: Experiment, on dataset: Dataset) {
    guard let complaint = inputOrderComplaint(beside: experiment, on: dataset) else { return }
    Output.message("flowscope: \(Output.visible(path)): \(complaint)")
  }

  /// What speaks for the other order of inputs: the mean squared distance of the network's velocity
  /// from the exact field is less than half as large, and smaller than that of no flow at all. Nil
  /// for a file of ours, where nothing speaks for it, and where no exact field is known.
  func inputOrderComplaint(beside given: Experiment, on dataset: Dataset) -> String? {
    guard let foreign else { return nil }
    let experiment = experiment(beside: given)
    // Data in the file's units say nothing of a network that works in others.
    guard foreign.units.data == nil || dataset.units != nil,
      var error = experiment.fieldError(to: dataset, count: 1024)
    else { return nil }
    let order = foreign.reading.inputOrder ?? .pointTime
    // Turning the inputs of t, x, y to x, y, t twice more turns x, y, t to t, x, y.
    let turned =
      order == .pointTime
      ? NetworkReading.InputOrder.timePoint.applied(to: weights)
      : NetworkReading.InputOrder.timePoint.applied(
        to: NetworkReading.InputOrder.timePoint.applied(to: weights))
    func excess(_ weights: MLPWeights) -> Double {
      var field = experiment.velocityField(of: weights)
      return error.excess(of: &field)
    }
    let (own, others) = (excess(weights), excess(turned))
    let none = excess(
      MLPWeights(shape: weights.shape, values: weights.values.map { _ in 0 }))
    guard others < 0.5 * own, others < 0.5 * none || experiment.prediction != .velocity else {
      return nil
    }
    func short(_ value: Double) -> String { String((value * 1e3).rounded() / 1e3) }
    return "on \(dataset.name) its field error is \(short(own)) with the inputs "
      + "\(order.words), and would be \(short(others)) with \(order.other.words): "
      + "try --input-order \(order.other.rawValue)"
  }
}

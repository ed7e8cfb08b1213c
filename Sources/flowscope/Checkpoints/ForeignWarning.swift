import FileFormats
import FlowMatching

extension StoredRun {
  /// Says what was read of a foreign network, and what was left.
  func announce(_ path: String) {
    guard let words = readingWords else { return }
    Output.message("\(Output.visible(path)): \(words)")
  }

  /// The same sentence; nil for a file of this program.
  var readingWords: String? { foreign?.words(as: weights.shape.activation) }

  /// Warns where the data say that a foreign network takes its inputs in the other order.
  func warn(_ path: String, beside experiment: Experiment, on dataset: Dataset) {
    // Who has said how it is read knows more than this guess.
    guard let complaint = inputOrderComplaint(beside: experiment, on: dataset) else { return }
    Output.message("flowscope: \(Output.visible(path)): \(complaint)")
  }

  /// What speaks for the other order of inputs: the mean squared distance of the network's velocity
  /// from the exact field is less than half as large, and smaller than that of no flow at all. Nil
  /// for a file of ours, where nothing speaks for it, and where no exact field is known.
  func inputOrderComplaint(beside given: Experiment, on dataset: Dataset) -> String? {
    guard let foreign, let weights = weights.network else { return nil }
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

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

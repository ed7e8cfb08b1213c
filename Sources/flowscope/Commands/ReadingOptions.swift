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

  @Flag(
    inversion: .prefixedNo,
    help: "A foreign network is told 1 − t: it has data at 0 and noise at 1.")
  var reversedTime: Bool?

  @Flag(
    inversion: .prefixedNo, help: "A foreign network answers the negative of what it predicts.")
  var flippedSign: Bool?

  @Option(
    help: ArgumentHelp(
      "A foreign network is told so many times t, such as 1000; 0 tells it 0 always.",
      valueName: "factor"))
  var timeScale: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A foreign network works in units of its data, (x − mean)/deviation: two numbers, four for each "
        + "coordinate's own, or a file of points to take them from.",
      valueName: "mean,deviation"),
    completion: .file())
  var dataScale: String?

  /// The options with whether they were given.
  private var given: [(name: String, isGiven: Bool)] {
    [
      ("--input-order", inputOrder != nil), ("--network", network != nil),
      ("--reversed-time", reversedTime != nil), ("--flipped-sign", flippedSign != nil),
      ("--time-scale", timeScale != nil), ("--data-scale", dataScale != nil),
    ]
  }

  /// A usage error for an option that was given where there is no such network.
  func refuse(_ which: String) throws {
    for (name, isGiven) in given where isGiven {
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
    reading.isReversed = reversedTime
    reading.isFlipped = flippedSign
    if let timeScale {
      guard let scale = NetworkReading.timeScale(timeScale) else {
        throw Failure.usage(
          "--time-scale is a number, such as 1000, not “\(Output.visible(timeScale))”")
      }
      reading.timeScale = scale
    }
    if let dataScale { reading.units = try ReadingOptions.units(dataScale) }
    return reading
  }

  /// The units that are written out, or those of the points of a file.
  private static func units(_ text: String) throws -> Standardisation {
    if let units = NetworkReading.units(text) { return units }
    if text.split(separator: ",").allSatisfy({ Double($0) != nil }) {
      throw Failure.usage(
        "--data-scale is a mean and a positive deviation, or two of each, not "
          + "“\(Output.visible(text))”", option: "--data-scale")
    }
    var points = try ColumnOptions.points(
      of: text, columns: nil, in: PointPlace(), limit: .double, quiet: true)
    do throws(FileFailure) {
      guard let units = Standardisation(of: try points.all()) else {
        throw .malformed("a coordinate is the same for all its points: it has no deviation")
      }
      return units
    } catch { throw Failure.file(error, text, isInput: true) }
  }
}

import FileFormats
import FlowMatching
import Foundation

/// How a network of another program is read: what the shapes of its tensors do not tell.
///
/// Each part is nil where nobody has said it. All of it acts where the file is opened, on the weights
/// or on the experiment that stands beside them, so that nothing behind it knows a foreign network.
struct NetworkReading: Equatable, Sendable {
  typealias InputOrder = FlowMatching.InputOrder

  /// The inputs' order; x, y, t where nobody says it.
  var inputOrder: InputOrder?
  /// Which of several networks is meant: `ema`, `online`, or a name; `ema` where nobody says it.
  var network: String?
  /// The activation of the hidden layers.
  var activation: Activation?
  /// What the network predicts.
  var prediction: Prediction?
  /// The schedule that it was trained under.
  var scheduler: Scheduler?
  /// Whether it is told 1 − t: data at 0, noise at 1.
  var isReversed: Bool?
  /// Whether it answers the negative of what it predicts.
  var isFlipped: Bool?
  /// By how much t is multiplied before it is told; 0 tells it 0 for all times.
  var timeScale: Double?
  /// The units in which it works: z = (x − mean)/deviation of its data.
  var units: Standardisation?

  /// Nothing is said.
  init() {}

  /// What a file's metadata say: `input_order`, `network`, `activation`, `prediction`, `scheduler`,
  /// `reversed_time`, `flipped_sign`, `time_scale`, `data_scale`; a value that does not exist is malformed.
  init(_ metadata: [String: String]) throws(FileFailure) {
    func value<Choice>(
      _ key: String, _ names: [String], _ make: (String) -> Choice?
    ) throws(FileFailure) -> Choice? {
      guard let text = metadata[key] else { return nil }
      guard let choice = make(text) else {
        let unknown = UnknownName(kind: key, name: text, among: names)
        throw .malformed("its metadata have an \(unknown)")
      }
      return choice
    }
    inputOrder = try value(
      "input_order", InputOrder.allCases.map(\.rawValue), InputOrder.init(rawValue:))
    activation = try value(
      "activation", Activation.allCases.map(\.rawValue), Activation.init(rawValue:))
    prediction = try value(
      "prediction", Prediction.allCases.map(\.rawValue), Prediction.init(rawValue:))
    scheduler = try value("scheduler", Scheduler.all.map(\.name)) { try? Scheduler.named($0) }
    network = metadata["network"]
    let flags = ["true": true, "false": false]
    isReversed = try value("reversed_time", flags.keys.sorted()) { flags[$0] }
    isFlipped = try value("flipped_sign", flags.keys.sorted()) { flags[$0] }
    if let text = metadata["time_scale"] {
      guard let scale = NetworkReading.timeScale(text) else {
        throw .malformed("its metadata's time_scale is no number")
      }
      timeScale = scale
    }
    if let text = metadata["data_scale"] {
      guard let scale = NetworkReading.units(text) else {
        throw .malformed("its metadata's data_scale is no “mean,deviation” of its data")
      }
      units = scale
    }
  }

  /// A finite factor of t.
  static func timeScale(_ text: String) -> Double? {
    Double(text).flatMap { $0.isFinite && abs($0) <= 1e9 ? $0 : nil }
  }

  /// “mean,deviation” of both coordinates, or “mean,mean,deviation,deviation”.
  static func units(_ text: String) -> Standardisation? {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard numbers.allSatisfy({ $0 != nil }), [2, 4].contains(numbers.count) else { return nil }
    let values = numbers.compactMap { $0 }
    return values.count == 2
      ? Standardisation(means: [values[0], values[0]], deviations: [values[1], values[1]])
      : Standardisation(means: Array(values[..<2]), deviations: Array(values[2...]))
  }

  /// What is said here, and elsewhere what the other says.
  func or(_ other: NetworkReading) -> NetworkReading {
    var result = self
    result.inputOrder = inputOrder ?? other.inputOrder
    result.network = network ?? other.network
    result.activation = activation ?? other.activation
    result.prediction = prediction ?? other.prediction
    result.scheduler = scheduler ?? other.scheduler
    result.isReversed = isReversed ?? other.isReversed
    result.isFlipped = isFlipped ?? other.isFlipped
    result.timeScale = timeScale ?? other.timeScale
    result.units = units ?? other.units
    return result
  }
}

extension NetworkReading {
  /// The weights of a network that is read so as one that takes x, y, t and answers what it predicts.
  ///
  /// With W_t the first layer's column of t, s the scale and b its bias: W_t(s(1 − t)) + b =
  /// (−sW_t)t + (b + sW_t), so that the time is turned and scaled in the first layer, and the sign in the last.
  func applied(to weights: MLPWeights) -> MLPWeights {
    var result = (inputOrder ?? .pointTime).applied(to: weights)
    guard let first = result.shape.layers.first, let last = result.shape.layers.last else {
      return result
    }
    let scale = Float(timeScale ?? 1)
    if scale != 1 || isReversed == true {
      for row in 0..<first.outputs {
        let place = row * first.inputs + first.inputs - 1
        let column = scale * result.values[place]
        result.values[place] = isReversed == true ? -column : column
        if isReversed == true { result.values[first.inputs * first.outputs + row] += column }
      }
    }
    if isFlipped == true {
      let start = result.values.count - (last.inputs + 1) * last.outputs
      for k in start..<result.values.count { result.values[k].negate() }
    }
    return result
  }

  /// “time reversed, sign flipped, t × 1000”; empty where nothing of this is said.
  var words: String {
    var parts: [String] = []
    if isReversed == true { parts.append("time reversed") }
    if isFlipped == true { parts.append("sign flipped") }
    if let timeScale, timeScale != 1 {
      parts.append("t × \(String(format: "%.6g", timeScale))")
    }
    return parts.joined(separator: ", ")
  }

  /// Refuses what only a network of another program can be read by, for a file that says itself how it
  /// is read.
  func requireNothingForeign() throws(FileFailure) {
    let parts = [
      ("--input-order", inputOrder == .timePoint), ("--network", network != nil),
      ("--reversed-time", isReversed == true), ("--flipped-sign", isFlipped == true),
      ("--time-scale", (timeScale ?? 1) != 1), ("--data-scale", units != nil),
    ]
    let given = parts.filter(\.1).map(\.0)
    guard given.isEmpty else {
      throw .malformed(
        "it is a checkpoint of flowscope, which says itself how it is read: leave out "
          + given.joined(separator: ", "))
    }
  }
}

extension InputOrder {
  /// The weights of a network with inputs in this order as one that takes x, y, t.
  func applied(to weights: MLPWeights) -> MLPWeights {
    guard self == .timePoint, let first = weights.shape.layers.first else { return weights }
    var result = weights
    for row in 0..<first.outputs {
      let place = row * first.inputs
      for i in 1..<first.inputs { result.values[place + i - 1] = weights.values[place + i] }
      result.values[place + first.inputs - 1] = weights.values[place]
    }
    return result
  }
}

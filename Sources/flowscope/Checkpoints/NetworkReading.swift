import FileFormats
import FlowMatching

/// How a network of another program is read: what the shapes of its tensors do not tell.
///
/// Each part is nil where nobody has said it. All of it acts where the file is opened, on the weights
/// or on the experiment that stands beside them, so that nothing behind it knows a foreign network.
struct NetworkReading: Equatable, Sendable {
  /// Where the time stands among the inputs of the first layer.
  enum InputOrder: String, CaseIterable, Sendable {
    case pointTime = "point-time"
    case timePoint = "time-point"

    /// The inputs in words.
    var words: String { self == .pointTime ? "x, y, t" : "t, x, y" }

    /// The other one.
    var other: InputOrder { self == .pointTime ? .timePoint : .pointTime }
  }

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

  /// Nothing is said.
  init() {}

  /// What a file's metadata say: `input_order`, `network`, `activation`, `prediction`, `scheduler`;
  /// a value that does not exist is malformed.
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
  }

  /// What is said here, and elsewhere what the other says.
  func or(_ other: NetworkReading) -> NetworkReading {
    var result = self
    result.inputOrder = inputOrder ?? other.inputOrder
    result.network = network ?? other.network
    result.activation = activation ?? other.activation
    result.prediction = prediction ?? other.prediction
    result.scheduler = scheduler ?? other.scheduler
    return result
  }
}

extension NetworkReading.InputOrder {
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

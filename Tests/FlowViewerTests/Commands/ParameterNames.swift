@testable import FlowViewer

/// The settings of the experiment that tests speak of.
extension Parameter {
  static let model = of("model")
  static let objective = of("objective")
  static let scheduler = of("scheduler")
  static let coupling = of("coupling")
  static let prediction = of("prediction")
  static let learningRate = of("learning-rate")
  static let trainingSteps = of("train-steps")
}

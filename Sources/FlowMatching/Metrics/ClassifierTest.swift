import Kernels

/// How well a small network tells two samples apart that it has not seen: ½ where they are of one
/// distribution, up to 1 (classifier two-sample test; Lopez-Paz and Oquab, 2017; C2ST in Lueckmann et al., 2021).
///
/// Points are in units of the second sample's spread. The network learns four fifths of both by logistic
/// regression and judges the fifth, in turn, so that every point is judged once by a network that did not
/// learn it. It finds no more than such a network can: ½ is no proof that both are the same.
public struct ClassifierTest: Sendable, Hashable {
  /// How a network is trained on each fold.
  ///
  /// Less does not tell the crescents of two moons from some nearly twice as thick: of 4 000 points these 10 000
  /// steps tell 61 to 63 % rightly where 64 % can be told, a fifth of the steps 50 %.
  struct Training: Sendable, Hashable {
    var widths = [64, 64, 64]
    /// Units of the reference's spread that a coordinate of 1 is: large ones make fine structure steep to see.
    var gain = 3.0
    var batch = 128
    var epochs = 200
    var learningRate = 5e-3
    /// The folds that are judged, all but in a hurry.
    var judged = ClassifierTest.folds
  }

  /// The parts, each of which is judged by a network that learned the others.
  public static let folds = 5
  /// The points of each sample.
  public let count: Int
  /// The share that is told rightly, and its binomial standard error.
  public let accuracy: Estimate

  /// The test of two `d×n` samples; nil where a point is not finite, or where there are fewer than fifty.
  public init?(
    _ sample: Batch, _ reference: Batch, random: Random, instructionSet: InstructionSet = .best
  ) {
    self.init(sample, reference, Training(), random: random, instructionSet: instructionSet)
  }

  init?(
    _ sample: Batch, _ reference: Batch, _ training: Training, random: Random,
    instructionSet: InstructionSet
  ) {
    precondition(sample.hasShape(of: reference), "both samples have as many points")
    guard sample.isFinite, reference.count >= 50, let units = Standardisation(of: reference)
    else { return nil }
    let (n, total) = (sample.count, 2 * sample.count)
    var points = Batch(dimension: sample.dimension, count: total)
    for (part, start) in [(units.applied(to: sample), 0), (units.applied(to: reference), n)] {
      for i in 0..<part.dimension {
        for j in 0..<n {
          points.values[i * total + start + j] = training.gain * part.values[i * n + j]
        }
      }
    }
    var order = Array(0..<total)
    var shuffling = random.stream("folds")
    order.shuffle(using: &shuffling)
    var (right, judged) = (0, 0)
    for fold in 0..<training.judged {
      let held = order.indices.filter { $0 % Self.folds == fold }.map { order[$0] }
      let learned = order.indices.filter { $0 % Self.folds != fold }.map { order[$0] }
      var classifier = Classifier(
        dimension: points.dimension, training, random: random.stream("fold \(fold)"),
        instructionSet)
      classifier.learn(points.choosing(learned), learned.map { $0 < n }, training)
      let answers = classifier.answers(points.choosing(held))
      judged += held.count
      right += zip(held, answers).count { ($0 < n) == ($1 > 0) }
    }
    count = n
    let share = Double(right) / Double(judged)
    accuracy = Estimate(
      mean: share, standardError: (share * (1 - share) / Double(judged)).squareRoot())
  }
}

/// A network with one output f, whose P(first) is 1/(1 + e^(−f)).
private struct Classifier {
  private var network: DenseNetwork
  private var weights: [Float]
  private var random: Random
  private let instructionSet: InstructionSet

  init(
    dimension: Int, _ training: ClassifierTest.Training, random: Random,
    _ instructionSet: InstructionSet
  ) {
    self.random = random
    self.instructionSet = instructionSet
    // Of a velocity field's inputs the time is always 0.
    let shape = MLPShape(
      dimension: dimension, outputs: 1, widths: training.widths, activation: .silu)
    weights = MLPWeights(shape: shape, using: &self.random).values
    network = DenseNetwork(shape, instructionSet: instructionSet)
  }

  func answers(_ points: Batch) -> [Double] {
    var network = network
    var answers = [Double](repeating: 0, count: points.count)
    network.evaluate(weights: weights, points: points.values, time: 0, into: &answers)
    return answers
  }

  /// Minimises the mean of log(1 + e^(∓f)) by Adam with a rate that sinks to 0.
  mutating func learn(_ points: Batch, _ isFirst: [Bool], _ training: ClassifierTest.Training) {
    let batch = min(training.batch, points.count)
    let steps = training.epochs * points.count / batch
    var gradient = [Float](repeating: 0, count: weights.count)
    var (first, second) = (gradient, gradient)
    var (answers, pull) = (
      [Double](repeating: 0, count: batch), [Double](repeating: 0, count: batch)
    )
    let times = answers
    var order = Array(0..<points.count)
    var next = order.count
    for step in 1...max(1, steps) {
      if next + batch > order.count {
        order.shuffle(using: &random)
        next = 0
      }
      let chosen = Array(order[next..<next + batch])
      next += batch
      let x = points.choosing(chosen)
      network.evaluate(weights: weights, points: x.values, time: 0, into: &answers)
      // |f − y|² with y = f − g/2 has the gradient g of the loss, as in `MatchingObjective`.
      for j in 0..<batch {
        let slope = LogisticLoss.slope(answers[j], isFirst: isFirst[chosen[j]])
        pull[j] = answers[j] - 0.5 * slope
      }
      _ = network.squaredErrorGradient(
        weights: weights, points: x.values, times: times, target: pull,
        scale: 1 / Double(batch), gradient: &gradient)
      let left = 1 - Double(step - 1) / Double(steps)
      _ = instructionSet.adam(
        weights: &weights, gradient: gradient, first: &first, second: &second, step: step,
        learningRate: training.learningRate * left, beta1: 0.9, beta2: 0.999, epsilon: 1e-8,
        weightDecay: 1e-4)
    }
  }
}

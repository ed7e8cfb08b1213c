import Kernels

/// The training of an autoencoder of pictures, a step at a time: Adam on E|d(e(x) + noise) − x|², the mean
/// over pixels, on the pictures that are learned.
///
/// The noise has the deviation of the latents of a batch: codes near each other then mean pictures near each
/// other, and what a flow leads to between them is a picture as well (Ghosh et al., 2020, with noise in
/// place of a penalty). It is seeded: the same pictures and seed give the same bits.
public struct AutoencoderTraining: Sendable {
  /// The optimiser steps, and the pictures in each.
  public static let steps = 3000
  public static let batch = 128
  /// The deviation of the noise in units of that of the latents.
  static let noise = 0.2
  private static let learningRate = 2e-3
  private static let weightDecay = 0.1

  /// The steps done.
  public private(set) var stepsDone = 0
  private let pixels: Batch
  private let seed: UInt64
  private let instructionSet: InstructionSet
  private var encoder, decoder: Half
  private var random: Random
  private var (points, back, pull): (Batch, Batch, Batch)
  private var (latents, latentPull): (Batch, Batch)

  /// Before the first step: of pictures to `latent` numbers.
  public init(
    _ pictures: Pictures, latent: Int, seed: UInt64, instructionSet: InstructionSet = .best
  ) {
    precondition((1...pictures.pixels.dimension).contains(latent), "a latent is no larger")
    pixels = pictures.learnedPixels
    self.seed = seed
    self.instructionSet = instructionSet
    let p = pixels.dimension
    let streams = Random(seed: seed).stream("autoencoder")
    encoder = Half(
      Autoencoder.encoderShape(p, latent: latent), streams.stream("encoder"), instructionSet)
    decoder = Half(
      Autoencoder.decoderShape(p, latent: latent), streams.stream("decoder"), instructionSet)
    random = streams.stream("batch")
    points = Batch(dimension: p, count: AutoencoderTraining.batch)
    (back, pull) = (points, points)
    latents = Batch(dimension: latent, count: AutoencoderTraining.batch)
    latentPull = latents
  }

  /// Whether all steps are done.
  public var isFinished: Bool { stepsDone >= AutoencoderTraining.steps }

  /// One step on a fresh batch, with a learning rate that sinks as a cosine; nothing after the last.
  public mutating func step() {
    guard !isFinished else { return }
    PointCloud(pixels).sample(into: &points, using: &random)
    encoder.evaluate(points, into: &latents)
    addNoise()
    decoder.evaluate(latents, into: &back)
    differentiate()
    let rate =
      AutoencoderTraining.learningRate
      * LearningRateDecay.cosine.factor(step: stepsDone, of: AutoencoderTraining.steps)
    encoder.update(rate, instructionSet)
    decoder.update(rate, instructionSet)
    stepsDone += 1
  }

  /// Both gradients, of what was decoded.
  private mutating func differentiate() {
    let scale = 2 / Double(points.values.count)
    for k in pull.values.indices { pull.values[k] = scale * (back.values[k] - points.values[k]) }
    decoder.pullBack(latents, pull, into: &latentPull)
    // The pixels' own cotangents, which nobody asks for, overwrite those of the decoder.
    encoder.pullBack(points, latentPull, into: &pull)
  }

  private mutating func addNoise() {
    let n = latents.count
    for i in 0..<latents.dimension {
      let row = i * n..<(i + 1) * n
      let mean = latents.values[row].reduce(0, +) / Double(n)
      let variance = latents.values[row].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
      let deviation = AutoencoderTraining.noise * variance.squareRoot()
      for k in row { latents.values[k] += deviation * random.normal() }
    }
  }

  /// What was learned, with the latents of the learned pictures standardised; nil where a latent does not
  /// vary, or where the numbers were lost.
  public var autoencoder: Autoencoder? {
    let own = MLPWeights(shape: encoder.weights.shape, values: encoder.weights.values)
    var latents = Batch(dimension: self.latents.dimension, count: pixels.count)
    var half = encoder
    half.evaluate(pixels, into: &latents)
    guard own.isFinite, decoder.weights.isFinite, latents.isFinite,
      let standard = Standardisation(of: latents)
    else { return nil }
    return Autoencoder(encoder: own, decoder: decoder.weights, standard: standard, seed: seed)
  }

  /// The gradients of E|d(e(x)) − x|² of given points by the weights of both, without noise.
  static func gradients(
    _ encoder: MLPWeights, _ decoder: MLPWeights, _ points: Batch
  ) -> (encoder: [Float], decoder: [Float]) {
    var (first, second) = (Half(encoder, .best), Half(decoder, .best))
    var latents = Batch(dimension: decoder.shape.dimension, count: points.count)
    var (back, latentPull) = (points, latents)
    first.evaluate(points, into: &latents)
    second.evaluate(latents, into: &back)
    for k in back.values.indices {
      back.values[k] = 2 / Double(points.values.count) * (back.values[k] - points.values[k])
    }
    second.pullBack(latents, back, into: &latentPull)
    first.pullBack(points, latentPull, into: &back)
    return (first.gradient, second.gradient)
  }

  /// One of the two networks with its optimiser.
  private struct Half: Sendable {
    private(set) var weights: MLPWeights
    private var network: DenseNetwork
    private var optimizer: Adam
    private(set) var gradient: [Float]

    init(_ shape: MLPShape, _ stream: Random, _ instructionSet: InstructionSet) {
      var random = stream
      self.init(MLPWeights(shape: shape, using: &random), instructionSet)
    }

    init(_ weights: MLPWeights, _ instructionSet: InstructionSet) {
      self.weights = weights
      let shape = weights.shape
      network = DenseNetwork(shape, instructionSet: instructionSet)
      optimizer = Adam(
        count: shape.parameterCount, weightDecay: AutoencoderTraining.weightDecay)
      gradient = [Float](repeating: 0, count: shape.parameterCount)
    }

    mutating func evaluate(_ points: Batch, into result: inout Batch) {
      network.evaluate(
        weights: weights.values, points: points.values, time: 0, into: &result.values)
    }

    /// Overwrites the gradient by that of Σ cotangents·f, and `pulled` by that by the points.
    mutating func pullBack(_ points: Batch, _ cotangents: Batch, into pulled: inout Batch) {
      for k in gradient.indices { gradient[k] = 0 }
      network.pullBack(
        weights: weights.values, points: points.values, time: 0,
        velocityCotangents: cotangents.values, divergenceCotangents: nil, gradient: &gradient,
        pointCotangents: &pulled.values)
    }

    mutating func update(_ rate: Double, _ instructionSet: InstructionSet) {
      optimizer.learningRate = rate
      _ = optimizer.update(&weights.values, gradient: gradient, instructionSet: instructionSet)
    }
  }
}

extension Experiment {
  /// A data set as the flow sees it: pictures as latents of an autoencoder that is trained here, by the
  /// experiment's seed, unless they are already, or as pixels; all else as it is.
  ///
  /// `progress` hears which share of it is done and answers whether to go on; nil where it does not, or
  /// where nothing could be learned of the pictures.
  public func encoding(
    _ dataset: Dataset, instructionSet: InstructionSet = .best,
    progress: (Double) -> Bool = { _ in true }
  ) -> Dataset? {
    guard !isEncoded(dataset), let pictures = dataset.pictures else { return dataset }
    let plain = Dataset(
      name: dataset.name, title: dataset.title, summary: dataset.summary, pictures: pictures)
    guard let latent else { return plain }
    var training = AutoencoderTraining(
      pictures, latent: latent, seed: seed, instructionSet: instructionSet)
    while !training.isFinished {
      training.step()
      if training.stepsDone % 50 == 0,
        !progress(Double(training.stepsDone) / Double(AutoencoderTraining.steps))
      {
        return nil
      }
    }
    return training.autoencoder.map { plain.encoded(by: $0) }
  }
}

import Kernels

/// An encoder of points to few numbers and a decoder back, both multilayer perceptrons, with the latents
/// standardised: z = (e(x) − mean)/deviation, x ≈ d(mean + deviation·z).
///
/// Both are networks of points and a time, as all here are; they are told t = 0.
public struct Autoencoder: Sendable, Equatable {
  /// The networks, p → k and k → p.
  public let encoder, decoder: MLPWeights
  /// The mean and the deviation of each latent over the points that were learned.
  public let standard: Standardisation
  /// The seed by which it was trained.
  public let seed: UInt64

  /// The units of the encoder's hidden layers; the decoder has them in reverse.
  public static let widths = [128, 64]

  /// Networks that fit each other.
  public init(encoder: MLPWeights, decoder: MLPWeights, standard: Standardisation, seed: UInt64) {
    precondition(
      encoder.shape.outputs == decoder.shape.dimension
        && decoder.shape.outputs == encoder.shape.dimension
        && standard.means.count == decoder.shape.dimension,
      "a decoder leads back from where the encoder leads")
    self.encoder = encoder
    self.decoder = decoder
    self.standard = standard
    self.seed = seed
  }

  /// The shape of the encoder of `dimension` numbers to `latent` ones.
  public static func encoderShape(_ dimension: Int, latent: Int) -> MLPShape {
    MLPShape(dimension: dimension, outputs: latent, widths: widths, activation: .silu)
  }

  /// The shape of the decoder.
  public static func decoderShape(_ dimension: Int, latent: Int) -> MLPShape {
    MLPShape(
      dimension: latent, outputs: dimension, widths: widths.reversed(), activation: .silu)
  }

  /// The numbers of a point, and of its latent.
  public var dimension: Int { encoder.shape.dimension }
  public var latent: Int { decoder.shape.dimension }

  /// The standardised latents, `k×n`, of `p×n` points.
  public func encoded(_ points: Batch, instructionSet: InstructionSet = .best) -> Batch {
    standard.applied(to: Autoencoder.evaluate(encoder, points, instructionSet))
  }

  /// The points, `p×n`, of `k×n` standardised latents.
  public func decoded(_ latents: Batch, instructionSet: InstructionSet = .best) -> Batch {
    Autoencoder.evaluate(decoder, standard.restored(latents), instructionSet)
  }

  /// |d(e(x)) − x|², the mean over points and their numbers.
  public func error(of points: Batch, instructionSet: InstructionSet = .best) -> Double {
    let back = decoded(
      encoded(points, instructionSet: instructionSet), instructionSet: instructionSet)
    return zip(back.values, points.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(max(1, points.values.count))
  }

  private static func evaluate(
    _ weights: MLPWeights, _ points: Batch, _ instructionSet: InstructionSet
  ) -> Batch {
    var network = DenseNetwork(weights.shape, instructionSet: instructionSet)
    var result = Batch(dimension: weights.shape.outputs, count: points.count)
    network.evaluate(
      weights: weights.values, points: points.values, time: 0, into: &result.values)
    return result
  }
}

extension PrincipalAxes {
  /// The mean square by which `p×n` points differ from their projections on the first axes, the best linear
  /// autoencoder of the points that the axes are of.
  public func error(of points: Batch, axes count: Int) -> Double {
    var sum = 0.0
    for j in 0..<points.count {
      var rest = (0..<points.dimension).map { points[$0, j] - mean[$0] }
      for direction in directions.prefix(count) {
        let along = zip(rest, direction).reduce(0) { $0 + $1.0 * $1.1 }
        for i in rest.indices { rest[i] -= along * direction[i] }
      }
      sum += rest.reduce(0) { $0 + $1 * $1 }
    }
    return sum / Double(max(1, points.values.count))
  }
}

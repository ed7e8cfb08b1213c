import Testing

@testable import FlowMatching

@Suite("Autoencoders of pictures")
struct AutoencoderTests {
  /// Trained once for all tests here.
  private static let trained: [Int: Autoencoder] = {
    var result: [Int: Autoencoder] = [:]
    for latent in [2, 8] {
      var training = AutoencoderTraining(.digits, latent: latent, seed: 0)
      while !training.isFinished { training.step() }
      result[latent] = training.autoencoder
    }
    return result
  }()

  @Test("The digits are 1797 pictures of ten classes, a fifth of them held out")
  func digits() {
    let pictures = Pictures.digits
    #expect(pictures.count == 1797 && pictures.heldOut.count == 359)
    #expect(Set(pictures.learned).union(pictures.heldOut).count == 1797)
    #expect(Set(pictures.learned).isDisjoint(with: pictures.heldOut))
    // Facts of the public data: how many of each, and the sum of all pixels.
    let labels = pictures.labels ?? []
    #expect(
      (0..<10).map { c in labels.count { $0 == c } } == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
      ])
    #expect(abs(pictures.pixels.values.reduce(0, +) * 16 - 561718) < 1e-6)
  }

  @Test(
    "Held-out pictures come back nearer than from as many principal axes of the same four fifths",
    arguments: [(2, 0.0528), (8, 0.0242)])
  func reconstruction(latent: Int, published: Double) throws {
    let autoencoder = try #require(Self.trained[latent])
    let pictures = Pictures.digits
    let axes = PrincipalAxes(of: pictures.learnedPixels)
    let linear = axes.error(of: pictures.heldOutPixels, axes: latent)
    // The published one is of another fifth.
    #expect(abs(linear - published) < 0.05 * published)
    let own = autoencoder.error(of: pictures.heldOutPixels)
    #expect(own < 0.8 * linear && own < 0.8 * published)
    // What was learned comes back better than what was not, but by heart it would be far better.
    let known = autoencoder.error(of: pictures.learnedPixels)
    #expect(known < own && known > 0.4 * own)
  }

  @Test("The latents of the learned pictures have mean 0 and deviation 1")
  func standardised() throws {
    let autoencoder = try #require(Self.trained[8])
    let latents = autoencoder.encoded(Pictures.digits.learnedPixels)
    let standard = try #require(Standardisation(of: latents))
    for i in 0..<8 {
      #expect(abs(standard.means[i]) < 1e-9 && abs(standard.deviations[i] - 1) < 1e-9)
    }
  }

  @Test("The same seed gives the same bits, another gives others")
  func seeded() {
    func weights(_ seed: UInt64) -> [Float] {
      var training = AutoencoderTraining(.digits, latent: 2, seed: seed)
      for _ in 0..<20 { training.step() }
      return (training.autoencoder?.encoder.values ?? [])
        + (training.autoencoder?.decoder.values ?? [])
    }
    #expect(weights(3) == weights(3))
    #expect(weights(3) != weights(4))
  }

  @Test("A step follows the gradient of the decoded error through both networks")
  func gradient() throws {
    // Without steps of the optimiser: the loss along the pulled-back direction of one encoder weight.
    let shape = Autoencoder.encoderShape(5, latent: 2)
    let back = Autoencoder.decoderShape(5, latent: 2)
    var random = Random(seed: 1)
    let (e, d) = (MLPWeights(shape: shape, using: &random), MLPWeights(shape: back, using: &random))
    var points = Batch(dimension: 5, count: 7)
    for k in points.values.indices { points.values[k] = random.uniform() }
    func loss(_ e: MLPWeights, _ d: MLPWeights) -> Double {
      let plain = Autoencoder(
        encoder: e, decoder: d, standard: Standardisation(means: [0, 0], deviations: [1, 1])!,
        seed: 0)
      return plain.error(of: points)
    }
    let gradients = AutoencoderTraining.gradients(e, d, points)
    for (k, isEncoder) in [(3, true), (700, true), (8000, true), (3, false), (500, false)] {
      var (e1, d1, e2, d2) = (e, d, e, d)
      let h: Float = 0.02
      if isEncoder {
        e1.values[k] += h
        e2.values[k] -= h
      } else {
        d1.values[k] += h
        d2.values[k] -= h
      }
      let numeric = (loss(e1, d1) - loss(e2, d2)) / (2 * Double(h))
      let own = Double((isEncoder ? gradients.encoder : gradients.decoder)[k])
      #expect(abs(own - numeric) < 1e-4 * max(0.01, abs(numeric)) + 2e-5, "\(k) \(own) \(numeric)")
    }
  }

  @Test("Principal axes lose the variance of the others")
  func axes() {
    let pixels = Pictures.digits.learnedPixels
    let axes = PrincipalAxes(of: pixels)
    let rest = axes.variances.dropFirst(8).reduce(0, +) / 64
    #expect(abs(axes.error(of: pixels, axes: 8) - rest) < 1e-12)
  }
}

import FlowMatching

extension Preset {
  /// The presets of pictures.
  static let pictures: [Preset] = [
    Preset(
      "digits", "Digits from noise, by their class",
      """
      An autoencoder took each 8×8 digit to eight numbers; in those the flow moves, and a decoder shows at \
      every t what they mean. Each column asks for its digit. Guidance w (right, below) pulls samples towards \
      their class and narrows them. The check against copying: samples lie no nearer to the digits that \
      were learned than digits do that were held out.
      """, mode: .loop, experiment: trainedDigits)
  ]

  /// What learns the digits in a minute or two on two cores, the autoencoder included.
  private static func trainedDigits(_ experiment: inout Experiment) {
    experiment.choose(DatasetCatalog.digits)
    experiment.suitPictures(DatasetCatalog.digits)
    experiment.widths = [128, 128, 128]
    experiment.learningRateDecay = .cosine
    experiment.steps = 12_000
  }
}

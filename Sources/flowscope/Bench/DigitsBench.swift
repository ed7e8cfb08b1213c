import FlowMatching

extension Benchmark {
  /// The digits as their preset learns them: the autoencoder, then the flow of its latents with classes.
  static let digits = Benchmark(
    name: "digits-autoencoder", summary: "digits: their autoencoder, then the flow of 8 latents"
  ) { settings in
    var experiment = Experiment(to: DatasetCatalog.digits)
    experiment.suitPictures(DatasetCatalog.digits)
    guard let pictures = DatasetCatalog.digits.pictures, let latent = experiment.latent else {
      preconditionFailure("digits are pictures with latents")
    }
    func begun() -> AutoencoderTraining { AutoencoderTraining(pictures, latent: latent, seed: 0) }
    var training = begun()
    let first = Stopwatch.rates(
      repeats: settings.repeats, duration: settings.duration, warmUp: settings.duration, stride: 4
    ) {
      // After its last step it takes none, in no time.
      if training.isFinished { training = begun() }
      training.step()
    }
    guard let autoencoder = training.autoencoder else {
      preconditionFailure("some steps leave an autoencoder")
    }
    // How well it was trained by now makes no difference to how fast a flow of its latents is.
    var trainer = Trainer(experiment, dataset: DatasetCatalog.digits.encoded(by: autoencoder))
    let second = Stopwatch.rates(
      repeats: settings.repeats, duration: settings.duration, warmUp: settings.duration, stride: 4
    ) { trainer.step() }
    let pixels = pictures.pixels.dimension
    let (encoder, decoder) = (
      Autoencoder.encoderShape(pixels, latent: latent),
      Autoencoder.decoderShape(pixels, latent: latent)
    )
    return [
      Figure(
        "digits-autoencoder", Spread(first), unit: "steps/s",
        operations: Double(AutoencoderTraining.batch)
          * (encoder.trainingOperations + 3 * decoder.operations)),
      Figure(
        "digits-step", Spread(second), unit: "steps/s",
        operations: Double(experiment.batch) * experiment.shape.trainingOperations),
    ]
  }
}

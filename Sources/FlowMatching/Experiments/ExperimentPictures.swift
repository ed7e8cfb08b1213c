/// The latents of an experiment on pictures, and what goes with them.
extension Experiment {
  /// The latent dimension that pictures have where nobody says another.
  public static let usualLatent = 8

  /// The dimension of the latents, 0 where the points are as the data have them; a new one takes the
  /// flow's dimension along.
  public var latentDimension: Int {
    get { latent ?? 0 }
    set {
      guard newValue != latentDimension else { return }
      latent = newValue > 0 ? newValue : nil
      dimension = latent ?? (try? DatasetCatalog.named(dataset))?.dimension ?? dimension
    }
  }

  /// Takes latents of the usual dimension with the classes of a data set of pictures, and neither with
  /// another.
  public mutating func suitPictures(_ dataset: Dataset) {
    guard let pictures = dataset.pictures else {
      latent = nil
      return
    }
    if latent == nil { latent = min(Experiment.usualLatent, pictures.pixels.dimension) }
    dimension = latent ?? dimension
    classes = dataset.classNames
  }

  /// Why latents do not go with its other choices; nil where they do, and where it has none.
  var latentComplaint: String? {
    guard let latent else { return nil }
    if space != nil || letters != nil { return "latents are of pictures; use --latent 0" }
    if model != .velocity || objective != .flowMatching || !observations.isEmpty {
      return
        "latents are learned by flow matching of one network; leave out the model and the objective, or use "
        + "--latent 0"
    }
    if latent != dimension { return "latents of \(latent) numbers flow in as many dimensions" }
    return nil
  }

  /// Why it cannot learn the latents of a data set; nil where it can.
  func latentComplaint(of dataset: Dataset) -> String? {
    guard let latent else { return nil }
    guard let pictures = dataset.pictures else {
      return
        "\(dataset.name) are no pictures, which latents are of: use --latent 0, --dataset digits, or "
        + "--data FILE.npy of n×h×w"
    }
    if latent > pictures.pixels.dimension {
      return
        "\(dataset.name) has pictures of \(pictures.pixels.dimension) pixels: --latent is at most as many"
    }
    return nil
  }

  /// Whether a data set is as the flow sees it: encoded by an autoencoder of its seed to as many numbers, or
  /// not at all.
  public func isEncoded(_ dataset: Dataset) -> Bool {
    guard let latent else { return dataset.autoencoder == nil }
    return dataset.autoencoder.map { $0.latent == latent && $0.seed == seed } ?? false
  }
}

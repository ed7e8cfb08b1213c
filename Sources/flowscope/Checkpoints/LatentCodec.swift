import FileFormats
import FlowMatching

/// A flow of latents: the averaged weights of its network as PyTorch would name them, the metadata `model` =
/// latent, and the autoencoder of `AutoencoderTensors`.
struct LatentCodec: RunCodec {
  /// The value of `model` in the metadata.
  static let model = "latent"

  func reads(_ metadata: [String: String]) -> Bool { metadata["model"] == LatentCodec.model }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let experiment = try header.ownExperiment()
    guard experiment.latent != nil, experiment.model == .velocity, experiment.letters == nil else {
      throw .malformed("its experiment is none of latents")
    }
    _ = try AutoencoderTensors.plan(header, of: experiment)
    return (try NetworkTensors.entries(header, of: experiment.shape, prefix: "net"), experiment)
  }

  /// Its network is written as any other's.
  func encode(_ weights: FlowWeights) -> EncodedWeights? { nil }
}

/// The autoencoder of a run in a file: `autoencoder.encoder.I.weight` and `.bias`, the same of the decoder,
/// and `autoencoder.standard`, the means and deviations of its latents, 2×k.
enum AutoencoderTensors {
  private static let standard = "autoencoder.standard"
  private static let (encoder, decoder) = ("autoencoder.encoder", "autoencoder.decoder")

  /// The tensors of a data set's autoencoder and its own pictures, and what the metadata say.
  static func encode(
    _ dataset: Dataset
  ) -> (tensors: [Safetensors.Tensor], metadata: [String: String]) {
    var tensors = PictureTensors.encode(dataset)
    guard let own = dataset.autoencoder else { return (tensors, [:]) }
    tensors += NetworkTensors.encode(own.encoder, prefix: encoder)
    tensors += NetworkTensors.encode(own.decoder, prefix: decoder)
    tensors.append(
      Safetensors.Tensor(
        standard, shape: [2, own.latent], doubles: own.standard.means + own.standard.deviations))
    return (tensors, ["model": LatentCodec.model])
  }

  /// The tensors of both networks, and the pixels of a picture: by the header alone.
  static func plan(
    _ header: SafetensorsHeader, of experiment: Experiment
  ) throws(FileFailure) -> (
    encoder: [SafetensorsHeader.Entry], decoder: [SafetensorsHeader.Entry], pixels: Int
  ) {
    guard let latent = experiment.latent, let last = header[decoder + ".4.bias"],
      last.shape.count == 1, (1...Pictures.mostPixels).contains(last.shape[0]),
      (1...last.shape[0]).contains(latent), header[standard]?.shape == [2, latent]
    else {
      throw .malformed("it learned latents, but its autoencoder is missing, or of another size")
    }
    let pixels = last.shape[0]
    return (
      try NetworkTensors.entries(
        header, of: Autoencoder.encoderShape(pixels, latent: latent), prefix: encoder),
      try NetworkTensors.entries(
        header, of: Autoencoder.decoderShape(pixels, latent: latent), prefix: decoder), pixels
    )
  }

  /// The autoencoder of a file of a run on latents.
  static func decode(
    _ file: Safetensors, of experiment: Experiment
  ) throws(FileFailure) -> Autoencoder {
    let plan = try plan(file.header, of: experiment)
    let latent = experiment.dimension
    let numbers = try file.doubles(standard)
    guard
      let own = Standardisation(
        means: Array(numbers.prefix(latent)), deviations: Array(numbers.dropFirst(latent)))
    else { throw .malformed("its \(standard) are no means and deviations") }
    return Autoencoder(
      encoder: MLPWeights(
        shape: Autoencoder.encoderShape(plan.pixels, latent: latent),
        values: try NetworkTensors.values(of: plan.encoder, in: file)),
      decoder: MLPWeights(
        shape: Autoencoder.decoderShape(plan.pixels, latent: latent),
        values: try NetworkTensors.values(of: plan.decoder, in: file)),
      standard: own, seed: experiment.seed)
  }
}

/// The user's own pictures in a file: `data.pictures`, n×h×w from 0 to 1, what both ends are in the user's
/// numbers, and their classes.
enum PictureTensors {
  private static let (name, range, labels) = (
    "data.pictures", "data.picture_range", "data.picture_labels"
  )

  /// Those of a data set that is none of the catalogue's.
  static func encode(_ dataset: Dataset) -> [Safetensors.Tensor] {
    guard let pictures = dataset.pictures,
      (try? DatasetCatalog.named(dataset.name))?.pictures == nil
    else { return [] }
    var tensors = [
      Safetensors.Tensor(
        name, shape: [pictures.count, pictures.height, pictures.width],
        doubles: pictures.pixels.interleaved),
      Safetensors.Tensor(
        range, shape: [2], doubles: [pictures.darkest, pictures.lightest]),
    ]
    if let own = pictures.labels {
      tensors.append(
        Safetensors.Tensor(labels, shape: [own.count], integers: own.map { UInt64($0) }))
    }
    return tensors
  }

  /// The pictures of a run: the file's own, or those of the catalogue; nil where it learned none.
  static func decode(
    _ file: Safetensors, of experiment: Experiment?
  ) throws(FileFailure) -> Pictures? {
    guard let experiment else { return nil }
    guard let entry = file.header[name] else {
      let known = (try? DatasetCatalog.named(experiment.dataset))?.pictures
      if experiment.latent != nil && known == nil {
        throw .malformed("it learned latents of pictures, but \(name) is missing")
      }
      return known
    }
    guard entry.shape.count == 3, entry.shape.allSatisfy({ (1...1 << 22).contains($0) }),
      entry.shape[1] * entry.shape[2] <= Pictures.mostPixels
    else { throw .malformed("its \(name) are not n×h×w") }
    let values = try file.doubles(name)
    let ends = try file.doubles(range)
    var own: [Int]?
    if file.header[labels] != nil {
      own = try file.integers(labels).compactMap { Int(exactly: $0) }
      guard own?.count == entry.shape[0],
        own?.allSatisfy(experiment.pictureClasses.contains) ?? true
      else { throw .malformed("its \(labels) are not those of its pictures and its classes") }
    }
    guard values.allSatisfy({ (0...1).contains($0) }), ends.count == 2, ends[0] < ends[1],
      ends.allSatisfy({ abs($0) <= 1e300 }),
      let pictures = Pictures(
        Batch(interleaved: values, dimension: entry.shape[1] * entry.shape[2]),
        height: entry.shape[1], width: entry.shape[2], labels: own,
        names: own == nil ? [] : experiment.classes, range: 0...1, written: ends[0]...ends[1])
    else { throw .malformed("its \(name) are no pictures from 0 to 1") }
    return pictures
  }
}

extension Experiment {
  /// The numbers of the classes that pictures may have.
  fileprivate var pictureClasses: Range<Int> { classes.indices }
}

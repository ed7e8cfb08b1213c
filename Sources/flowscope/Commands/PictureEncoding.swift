import FileFormats
import FlowMatching

/// Pictures on their way to a flow of latents: the autoencoder is trained first.
enum PictureEncoding {
  /// A data set as the flow of an experiment sees it; how far that is is shown unless `quiet`.
  static func prepared(
    _ dataset: Dataset, for experiment: Experiment, quiet: Bool
  ) throws -> Dataset {
    if experiment.isEncoded(dataset) { return dataset }
    var progress = WorkProgress("autoencoder", isShown: !quiet)
    defer { progress.finish() }
    let encoded = experiment.encoding(dataset) { share in
      progress.update(share, "latents of \(experiment.dimension) numbers")
      return true
    }
    guard let encoded else {
      throw Failure(
        code: .badData,
        message:
          "\(Output.visible(dataset.name)): no autoencoder could be learned of these pictures: are "
          + "they all alike?"
      ).exit()
    }
    return encoded
  }
}

/// The pictures of a file of an array n×h×w.
struct PictureReading {
  private let path: String
  private let values: Batch
  private let size: (height: Int, width: Int)
  private let isStandardised: Bool

  init(
    _ path: String, _ values: Batch, _ size: (height: Int, width: Int), isStandardised: Bool
  ) {
    self.path = path
    self.values = values
    self.size = size
    self.isStandardised = isStandardised
  }

  /// The data set of them, with the classes of `labels` where some are given.
  func dataset(_ labels: LabelReading?) throws(FileFailure) -> Dataset {
    if isStandardised {
      throw .malformed(
        "pictures are brought to pixels from 0 to 1 as they are: leave out --standardise")
    }
    if values.count < Pictures.fewest {
      throw .malformed(
        "it holds \(values.count) pictures: of fewer than \(Pictures.fewest) no fifth can be held out"
      )
    }
    var classes: LabelledDistribution?
    if let labels { classes = try labels.classes(ofPictures: values, from: path) }
    guard
      let pictures = Pictures(
        values, height: size.height, width: size.width, labels: classes?.labels,
        names: classes?.names ?? [])
    else { throw .malformed("every pixel of its pictures is the same") }
    let dataset = Dataset(name: Input.name(of: path), pictures: pictures)
    if classes != nil, dataset.classes == nil {
      throw .malformed(
        "a class has so few pictures that none is left when a fifth is held out: give it more, or leave it "
          + "out")
    }
    return dataset
  }
}

/// How the pictures of a run are written.
struct PictureOutput {
  let dataset: Dataset
  private let pictures: Pictures

  init?(_ dataset: Dataset) {
    guard let pictures = dataset.pictures else { return nil }
    self.dataset = dataset
    self.pictures = pictures
  }

  /// An npy array n×h×w, or a row of pixels for each picture.
  func writer(_ path: String) throws -> PointWriter {
    try PointWriter(
      path, columns: (1...pictures.pixels.dimension).map { "pixel_\($0)" },
      picture: (pictures.height, pictures.width))
  }

  /// The pixels of points that flow, in the numbers of the file that they were learned from.
  func rows(_ points: Batch) -> [Double] {
    pictures.restored(dataset.pixels(of: points) ?? points).interleaved
  }
}

extension Sample {
  /// How the pictures of a run are written; nil where it learned none. Refuses what is of points alone.
  func pictures(of stored: StoredRun) throws -> PictureOutput? {
    guard stored.experiment?.latent != nil else { return nil }
    let output: PictureOutput?
    do throws(FileFailure) { output = try stored.dataset().flatMap(PictureOutput.init) } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
    for (option, isGiven, why) in [
      ("--from", from != nil, "pictures are drawn from noise, not pushed"),
      ("--reverse", reverse, "pictures are drawn from noise, not taken back to it"),
      ("--log-density", logDensity, "log p is of latents, a picture has none"),
    ] where isGiven {
      throw Failure.usage("\(why): leave out \(option)", option: option)
    }
    return output
  }
}

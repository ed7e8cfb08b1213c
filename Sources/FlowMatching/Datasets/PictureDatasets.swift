/// Data sets of small grey pictures.
extension DatasetCatalog {
  /// Every data set of pictures.
  public static let pictured: [Dataset] = [digits]

  /// Handwritten digits, as points of 64 pixels.
  public static let digits = Dataset(
    name: "digits", title: "handwritten digits",
    summary: "8×8 handwritten digits, four fifths of UCI's (scikit-learn's part), by class",
    pictures: .digits)
}

extension Pictures {
  /// The handwritten digits of E. Alpaydin and C. Kaynak (UCI, CC BY 4.0), their pixels divided by 16.
  public static let digits: Pictures = {
    let signs = DigitRows.text.utf8.filter { $0 != 10 }.map { byte in
      Int(byte) - (byte < 58 ? 48 : 87)
    }
    let count = signs.count / 65
    precondition(count == 1797 && signs.count == 65 * count, "1797 pictures of 64 pixels")
    var values = Batch(dimension: 64, count: count)
    for j in 0..<count {
      for i in 0..<64 { values[i, j] = Double(signs[65 * j + 1 + i]) / 16 }
    }
    guard
      let pictures = Pictures(
        values, height: 8, width: 8, labels: (0..<count).map { signs[65 * $0] },
        names: (0..<10).map(String.init), range: 0...1)
    else { preconditionFailure("the digits are pictures") }
    return pictures
  }()
}

extension Dataset {
  /// The pictures that are learned, as points of their pixels, with their classes.
  public init(name: String, title: String? = nil, summary: String? = nil, pictures: Pictures) {
    self.init(
      name: name, title: title ?? name,
      summary: summary
        ?? "\(pictures.count) pictures of \(pictures.height)×\(pictures.width) of \(name)",
      distribution: PointCloud(pictures.learnedPixels), entropyFloor: nil)
    self.pictures = pictures
    classes = pictures.learnedLabels.flatMap {
      LabelledDistribution(pictures.learnedPixels, labels: $0, names: pictures.names)
    }
  }

  /// The data set of the catalogue of that name, or pictures of a file that is called so.
  public init(catalogued name: String, pictures: Pictures) {
    let known = DatasetCatalog.pictured.first { $0.name == name && $0.pictures == pictures }
    self = known ?? Dataset(name: name, pictures: pictures)
  }

  /// The latents of the pictures that are learned, as points, with their classes; pictures it must have.
  public func encoded(by autoencoder: Autoencoder) -> Dataset {
    guard let pictures else { preconditionFailure("only pictures are encoded") }
    return encoded(by: autoencoder, latents: autoencoder.encoded(pictures.learnedPixels))
  }

  /// The same with latents that were computed before, perhaps on another machine.
  public func encoded(by autoencoder: Autoencoder, latents: Batch) -> Dataset {
    guard let pictures else { preconditionFailure("only pictures are encoded") }
    var dataset = Dataset(
      name: name, title: title, summary: summary, distribution: PointCloud(latents),
      entropyFloor: nil)
    dataset.pictures = pictures
    dataset.autoencoder = autoencoder
    dataset.classes = pictures.learnedLabels.flatMap {
      LabelledDistribution(latents, labels: $0, names: pictures.names)
    }
    return dataset
  }

  /// The pixels, `p×n` from 0 to 1, of points that flow; nil where it has no pictures.
  public func pixels(of points: Batch) -> Batch? {
    guard pictures != nil else { return nil }
    return autoencoder?.decoded(points) ?? points
  }
}

import FileFormats
import FlowMatching

/// The classes of the points of a file: a column of it, or another file.
struct LabelReading {
  /// What `--labels` names.
  let text: String

  /// Whether that is a file, not a column.
  private var isFile: Bool {
    text == "-" || text.contains("/")
      || [".npy", ".csv", ".tsv", ".txt", ".dat"].contains { text.lowercased().hasSuffix($0) }
  }

  /// The columns of a file that are a point's coordinates beside that of the labels; the chosen ones where
  /// some are, of which it must be none. nil leaves them to the reader.
  func coordinates(of data: String, chosen: String?) throws -> String? {
    guard !isFile else { return chosen }
    guard data != "-" else {
      throw Failure.usage(
        "labels in a column need a file, which is read twice, not standard input",
        option: "--labels")
    }
    do throws(FileFailure) {
      let source = PeekedSource(try Input.source(data))
      if case .npy = FileKind(try source.peek(FileKind.byteCount)) {
        throw .malformed(
          "an npy array has no column of labels: --labels takes another file of integers")
      }
      let extent = try LabelColumn.extent(reading: source)
      let own = try place(in: extent)
      let takesAll = chosen == ColumnOptions.all
      if let chosen, !takesAll {
        for column in chosen.split(separator: ",").map(String.init)
        where column == text || LabelReading.place(column, extent) == own {
          throw .malformed(
            "the column \(FileFailure.printable(text)) holds the labels, it is no coordinate: leave it "
              + "out of --columns")
        }
        return chosen
      }
      let others = (0..<extent.width).filter { $0 != own }
      if takesAll {
        guard others.count <= PointColumns.most else {
          throw .malformed(
            "it has \(others.count) columns beside the labels: points have at most "
              + "\(PointColumns.most) coordinates; choose some with --columns A,B,…")
        }
      } else if others.count > 2 {
        throw .malformed(
          "it has \(others.count) columns beside the labels: choose two with --columns, or more of them, or "
            + "--columns all")
      }
      // By number, since names may hold commas.
      return others.map { "\($0 + 1)" }.joined(separator: ",")
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  private static func place(_ column: String, _ extent: LabelColumn.Extent) -> Int? {
    if let number = Int(column), (1...extent.width).contains(number) { return number - 1 }
    return extent.names?.firstIndex(of: column)
  }

  private func place(in extent: LabelColumn.Extent) throws(FileFailure) -> Int {
    if let place = LabelReading.place(text, extent) { return place }
    let names = extent.names.map { ": " + $0.prefix(20).joined(separator: ", ") }
    throw .malformed(
      "it has no column “\(FileFailure.printable(text))” of labels among its \(extent.width)"
        + FileFailure.printable(names ?? ", which have no names: choose by number"))
  }

  /// The classes of points that were read from `data`, in their order.
  func classes(of points: Batch, from data: String) throws -> LabelledDistribution {
    if isFile && text == data && data == "-" {
      throw Failure.usage(
        "--labels and --data cannot both read standard input", option: "--labels")
    }
    do throws(FileFailure) {
      return try classes(ofPictures: points, from: data)
    } catch { throw Failure.file(error, isFile ? text : data, isInput: true) }
  }

  /// The same, whatever the points are.
  func classes(ofPictures points: Batch, from data: String) throws(FileFailure)
    -> LabelledDistribution
  {
    let path = isFile ? text : data
    let source = PeekedSource(try Input.source(path))
    let labels: [String]
    if case .npy = FileKind(try source.peek(FileKind.byteCount)) {
      labels = try LabelColumn.integers(reading: source, count: points.count)
    } else {
      labels = try LabelColumn.read(isFile ? nil : text, of: source, count: points.count)
    }
    return try LabelReading.distribution(points, labels)
  }

  /// Points by the names of their classes: numbers in their order, else names in theirs.
  private static func distribution(
    _ points: Batch, _ labels: [String]
  ) throws(FileFailure) -> LabelledDistribution {
    let different = Set(labels)
    guard different.count > 1 else {
      throw .malformed(
        "every label is “\(labels.first ?? "")”: classes are two or more")
    }
    guard different.count <= LabelledDistribution.limit else {
      throw .malformed(
        "it has \(different.count) different labels: at most \(LabelledDistribution.limit) classes are "
          + "learned; is it a column of measurements?")
    }
    let numbers = different.compactMap { text in Int(text).map { (text: text, number: $0) } }
    let names =
      numbers.count == different.count
      ? numbers.sorted { $0.number < $1.number }.map(\.text) : different.sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    guard
      let classes = LabelledDistribution(
        points, labels: labels.map { places[$0] ?? 0 }, names: names)
    else { throw .malformed("a class has no point") }
    return classes
  }
}

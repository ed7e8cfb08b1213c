/// What a file is by its first bytes, where it is none that is read: so that it can be said what to
/// do with it.
public enum FileKind: Sendable {
  case npy, safetensors
  case npz, torch, workbook, oldWorkbook, openDocument, zip
  case compressed(String)
  case pickle, hdf5, matlab, parquet, arrow, sqlite
  case picture

  /// The bytes that `init` needs at most.
  public static let byteCount = 128

  /// The kind that the first bytes tell; nil for text and whatever else is not known.
  public init?(_ first: [UInt8]) {
    func begins(_ bytes: [UInt8]) -> Bool { first.starts(with: bytes) }
    func begins(_ text: String) -> Bool { first.starts(with: text.utf8) }
    if begins([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6]) {
      self = FileKind.archive(first)
    } else if begins([0x1f, 0x8b]) {
      self = .compressed("gzip")
    } else if begins("BZh") {
      self = .compressed("bzip2")
    } else if begins([0xfd] + Array("7zXZ".utf8)) {
      self = .compressed("xz")
    } else if begins([0x28, 0xb5, 0x2f, 0xfd]) {
      self = .compressed("zstd")
    } else if first.count > 1, first[0] == 0x80, (2...5).contains(first[1]) {
      self = .pickle
    } else if begins([0x89] + Array("HDF".utf8)) {
      self = .hdf5
    } else if begins("MATLAB 5.0") {
      self = .matlab
    } else if begins("PAR1") {
      self = .parquet
    } else if begins("ARROW1") {
      self = .arrow
    } else if begins("SQLite format 3") {
      self = .sqlite
    } else if begins([0xd0, 0xcf, 0x11, 0xe0]) {
      self = .oldWorkbook
    } else if begins([0x89] + Array("PNG".utf8)) || begins([0xff, 0xd8, 0xff]) || begins("%PDF") {
      self = .picture
    } else if first.count > 8, first[8] == UInt8(ascii: "{"), first[4..<8].allSatisfy({ $0 == 0 }) {
      self = .safetensors
    } else {
      return nil
    }
  }

  /// What a zip archive is by the name of its first member.
  private static func archive(_ first: [UInt8]) -> FileKind {
    guard first.count > 30 else { return .zip }
    let length = Int(first[26]) | Int(first[27]) << 8
    let name = String(decoding: first[30...].prefix(length), as: UTF8.self)
    if name.hasSuffix(".npy") { return .npz }
    if ["[Content_Types].xml", "_rels/", "docProps/", "xl/"].contains(where: name.hasPrefix) {
      return .workbook
    }
    if name == "mimetype" { return .openDocument }
    // torch.save begins with NAME/data.pkl, in some versions after its format or byte order.
    let isTorch = ["data.pkl", ".format_version", "byteorder", "version"].contains {
      name.hasSuffix("/" + $0)
    }
    return isTorch ? .torch : .zip
  }

  /// What it is and what to do, where points are wanted; nil where they are read.
  public var adviceForPoints: String? {
    let save = "save the array with numpy.save(\"points.npy\", array)"
    switch self {
    case .npy: return nil
    case .npz: return "it is an npz archive of arrays: \(save)"
    case .torch: return "it is a PyTorch file: numpy.save(\"points.npy\", tensor.numpy()) is read"
    case .safetensors: return "it is a safetensors file: points are read from npy or CSV"
    case .workbook, .oldWorkbook: return "it is an Excel workbook: save the sheet as CSV"
    case .openDocument: return "it is an OpenDocument file: save the sheet as CSV"
    case .pickle: return "it is a Python pickle, which can run code and is not read: \(save)"
    default: return other.map { $0 + ", or give CSV or npy" }
    }
  }

  /// What it is and what to do, where a network is wanted; nil where it is read.
  public var adviceForNetworks: String? {
    let save = "safetensors.torch.save_file(model.state_dict(), \"net.safetensors\") is read"
    switch self {
    case .safetensors: return nil
    case .npy: return "it is an npy array, no network: \(save)"
    case .npz: return "it is an npz archive: \(save)"
    case .torch: return "it is a PyTorch file: \(save)"
    case .pickle: return "it is a Python pickle, which can run code and is not read: \(save)"
    case .workbook, .oldWorkbook, .openDocument: return "it is a spreadsheet, no network"
    default: return other.map { $0 + ", or give a safetensors file" }
    }
  }

  private var other: String? {
    switch self {
    case .zip: "it is a zip archive: unpack it first"
    case .compressed(let method): "it is compressed with \(method): unpack it first"
    case .hdf5: "it is an HDF5 file, which is not read: convert it"
    case .matlab: "it is a MATLAB file, which is not read: convert it"
    case .parquet: "it is a Parquet file, which is not read: convert it"
    case .arrow: "it is an Arrow file, which is not read: convert it"
    case .sqlite: "it is an SQLite database, which is not read: convert it"
    case .picture: "it is a picture or a PDF: convert it"
    default: nil
    }
  }
}

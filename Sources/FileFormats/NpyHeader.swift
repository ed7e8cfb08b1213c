/// What a npy file says about its array (NumPy enhancement proposal 1).
///
/// The header is a literal of the Python language. It is tokenised by hand and never evaluated, and
/// only what NumPy itself writes is taken.
public struct NpyHeader: Sendable, Equatable {
  /// The kind of an element.
  public enum Kind: String, Sendable {
    case float = "f"
    case signed = "i"
    case unsigned = "u"
  }

  /// The longest header, in bytes, as in NumPy.
  public static let lengthLimit = 10_000

  /// The type as the file names it, such as `<f8`.
  public let descr: String
  /// The kind of an element.
  public let kind: Kind
  /// The size of an element in bytes.
  public let size: Int
  /// Whether the most significant byte comes first.
  public let isBigEndian: Bool
  /// Whether the first index runs fastest.
  public let isFortranOrder: Bool
  /// The extents; empty for a scalar.
  public let shape: [Int]
  /// The bytes before the data.
  public let dataOffset: Int
  /// The number of elements.
  public let count: Int

  /// Reads and checks the header; the source then stands at the data. Its length, where it is known,
  /// must be what header and data take.
  public init(reading source: some ByteSource) throws(FileFailure) {
    let magic = try source.readExactly(8, of: "the header")
    guard magic[..<6].elementsEqual([0x93] + Array("NUMPY".utf8)) else {
      throw .malformed("it is no npy file")
    }
    guard (1...3).contains(magic[6]), magic[7] == 0 else {
      throw .malformed("npy version \(magic[6]).\(magic[7]) is unknown")
    }
    let prefix = try source.readExactly(magic[6] == 1 ? 2 : 4, of: "the header")
    let length = prefix.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NpyHeader.lengthLimit else {
      throw .malformed("its header of \(length) bytes is longer than 10 000")
    }
    let text = try source.readExactly(length, of: "the header")
    dataOffset = 8 + prefix.count + length
    var tokens = NpyLiteral(text)
    (descr, isFortranOrder, shape) = try tokens.header()
    (kind, size, isBigEndian) = try NpyHeader.type(descr)
    // From the first extent on, so that an overflow is found even where a later one is 0.
    var elements = 1
    for extent in shape {
      let (product, overflow) = elements.multipliedReportingOverflow(by: extent)
      if overflow { throw .malformed("the shape \(NpyHeader.text(shape)) is impossible") }
      elements = product
    }
    let (bytes, overflow) = elements.multipliedReportingOverflow(by: size)
    if overflow { throw .malformed("the shape \(NpyHeader.text(shape)) is impossible") }
    count = elements
    if let whole = source.length, whole - dataOffset != bytes {
      throw .malformed(
        "it holds \(whole - dataOffset) bytes of data, its shape \(NpyHeader.text(shape)) needs "
          + "\(bytes)")
    }
  }

  /// A shape as Python writes it: `(3, 2)`, `(3,)`.
  public static func text(_ shape: [Int]) -> String {
    shape.count == 1
      ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
  }

  private static func type(
    _ descr: String
  ) throws(FileFailure) -> (kind: Kind, size: Int, isBigEndian: Bool) {
    var word = Substring(descr)
    let order = word.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    if order != nil { word.removeFirst() }
    let sizes: [Kind: [Int]] = [
      .float: [2, 4, 8], .signed: [1, 2, 4, 8], .unsigned: [1, 2, 4, 8],
    ]
    guard let kind = word.first.flatMap({ Kind(rawValue: String($0)) }), word.utf8.count == 2,
      let size = Int(word.dropFirst()), sizes[kind]?.contains(size) == true,
      order != "|" || size == 1
    else {
      throw .malformed(
        "elements of type \(FileFailure.shown(Array(descr.utf8))) are no plain numbers: "
          + "f2, f4, f8 and integers are read")
    }
    return (kind, size, order == ">")
  }

  /// The first bytes of a file of little-endian 64-bit floating-point numbers, version 1.0, padded
  /// to a multiple of 64; of the same length for every count of at most 19 digits.
  public static func encode(rows: Int, columns: Int?) -> [UInt8] {
    encode(columns.map { "(\(rows), \($0))" } ?? "(\(rows),)")
  }

  /// The same of pictures, n×h×w.
  public static func encode(rows: Int, height: Int, width: Int) -> [UInt8] {
    encode("(\(rows), \(height), \(width))")
  }

  private static func encode(_ shape: String) -> [UInt8] {
    var text = "{'descr': '<f8', 'fortran_order': False, 'shape': \(shape), }"
    let length = 128 - 10
    text += String(repeating: " ", count: length - text.utf8.count - 1) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length), 0] + Array(text.utf8)
  }
}

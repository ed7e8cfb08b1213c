/// Named tensors and free texts, as the machine-learning world exchanges them.
public struct Safetensors: Sendable, Equatable {
  /// A tensor to write.
  public struct Tensor: Sendable, Equatable {
    public let name: String
    public let type: TensorType
    /// The extents, slowest first; empty for a scalar.
    public let shape: [Int]
    /// The elements, little-endian, the last extent fastest.
    public let bytes: [UInt8]

    /// A tensor of 32-bit floating-point numbers.
    public init(_ name: String, shape: [Int], floats: [Float]) {
      self.init(name, .f32, shape, LittleEndian.bytes(floats.map(\.bitPattern)))
    }

    /// A tensor of 64-bit floating-point numbers.
    public init(_ name: String, shape: [Int], doubles: [Double]) {
      self.init(name, .f64, shape, LittleEndian.bytes(doubles.map(\.bitPattern)))
    }

    /// A tensor of unsigned 64-bit integers.
    public init(_ name: String, shape: [Int], integers: [UInt64]) {
      self.init(name, .u64, shape, LittleEndian.bytes(integers))
    }

    init(_ name: String, _ type: TensorType, _ shape: [Int], _ bytes: [UInt8]) {
      precondition(type.byteCount(of: shape) == bytes.count, "the elements must fill the shape")
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// The most bytes of data that are read into memory: 1 GiB.
  public static let dataLimit = 1 << 30

  /// What the file says about itself.
  public let header: SafetensorsHeader
  private let data: [UInt8]

  /// Reads a whole file; of one whose header is longer than `headerLimit` bytes, or whose header
  /// `check` refuses, no more than the header.
  public init(
    reading source: some ByteSource, headerLimit: Int = SafetensorsHeader.lengthLimit,
    check: (SafetensorsHeader) throws(FileFailure) -> Void = { _ throws(FileFailure) in }
  ) throws(FileFailure) {
    header = try SafetensorsHeader(reading: source, limit: headerLimit)
    try check(header)
    guard header.dataCount <= Safetensors.dataLimit else {
      throw .malformed("its \(header.dataCount) bytes of data are more than 1 GiB")
    }
    data = try source.readExactly(header.dataCount, of: "the data")
    try source.requireEnd(after: "the data")
  }

  /// The bytes of a tensor.
  public func bytes(of entry: SafetensorsHeader.Entry) -> ArraySlice<UInt8> { data[entry.range] }

  /// The elements of a tensor of floating-point numbers (F16, BF16, F32 or F64) as 32-bit ones.
  public func floats(_ name: String) throws(FileFailure) -> [Float] {
    try floats(try entry(name))
  }

  /// The same of a tensor of this file's header.
  public func floats(_ entry: SafetensorsHeader.Entry) throws(FileFailure) -> [Float] {
    let bytes = data[entry.range]
    switch entry.type {
    case .f32: return LittleEndian.integers(bytes).map { Float(bitPattern: $0) }
    case .f64: return LittleEndian.integers(bytes).map { Float(Double(bitPattern: $0)) }
    case .bf16:
      let halves: [UInt16] = LittleEndian.integers(bytes)
      return halves.map { Float(bitPattern: UInt32($0) << 16) }
    case .f16:
      let halves: [UInt16] = LittleEndian.integers(bytes)
      return halves.map(LittleEndian.float(half:))
    default:
      throw .malformed(
        "the tensor \(shown(entry.name)) is \(entry.type.rawValue), no floating point")
    }
  }

  /// The elements of an F64 tensor.
  public func doubles(_ name: String) throws(FileFailure) -> [Double] {
    LittleEndian.integers(try bytes(name, .f64)).map { Double(bitPattern: $0) }
  }

  /// The elements of a U64 tensor.
  public func integers(_ name: String) throws(FileFailure) -> [UInt64] {
    LittleEndian.integers(try bytes(name, .u64))
  }

  private func entry(_ name: String) throws(FileFailure) -> SafetensorsHeader.Entry {
    guard let entry = header[name] else { throw .malformed("it has no tensor \(shown(name))") }
    return entry
  }

  private func bytes(_ name: String, _ type: TensorType) throws(FileFailure) -> ArraySlice<UInt8> {
    let entry = try entry(name)
    guard entry.type == type else {
      throw .malformed("the tensor \(shown(name)) is \(entry.type.rawValue), not \(type.rawValue)")
    }
    return data[entry.range]
  }

  private func shown(_ name: String) -> String { FileFailure.shown(Array(name.utf8)) }

  // MARK: Writing

  /// The bytes of a file: wide types first, then by name; the header is padded so that the data
  /// begin at a multiple of 8 bytes. The same content gives the same bytes.
  public static func encode(_ tensors: [Tensor], metadata: [String: String]) -> [UInt8] {
    let sorted = tensors.sorted {
      $0.type.bits != $1.type.bits ? $0.type.bits > $1.type.bits : $0.name < $1.name
    }
    var json = "{"
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        StrictJSON.quoted($0.key) + ":" + StrictJSON.quoted($0.value)
      }
      json += "\"__metadata__\":{\(pairs.joined(separator: ","))}"
    }
    var place = 0
    for tensor in sorted {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = place + tensor.bytes.count
      json += (json == "{" ? "" : ",") + StrictJSON.quoted(tensor.name)
      json += ":{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
      json += "\"data_offsets\":[\(place),\(end)]}"
      place = end
    }
    json += "}"
    var header = Array(json.utf8)
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    precondition(header.count <= SafetensorsHeader.lengthLimit, "a header of more than 100 MB")
    var bytes = LittleEndian.bytes([UInt64(header.count)]) + header
    bytes.reserveCapacity(bytes.count + place)
    for tensor in sorted { bytes += tensor.bytes }
    return bytes
  }
}

import FileFormats
import FlowMatching

extension StoredRun {
  /// The longest header of a network, in bytes: 64 affine layers take a quarter of it.
  private static let headerLimit = 1 << 20

  /// The tensors of a checkpoint or a foreign network; of another file no more than the header is
  /// read.
  static func tensors(
    _ path: String, reading: NetworkReading = NetworkReading(),
    opening: Input.Opening = Input.source
  ) throws(FileFailure) -> Safetensors {
    let source = PeekedSource(try opening(path))
    if let advice = FileKind(try source.peek(FileKind.byteCount))?.adviceForNetworks {
      throw .malformed(advice)
    }
    return try Safetensors(reading: source, headerLimit: headerLimit) {
      header throws(FileFailure) in
      try WeightCodecs.codec(for: header.metadata, read: reading).check(header, reading)
    }
  }

  /// Reads a checkpoint or a foreign network from its file.
  init(
    reading path: String, as reading: NetworkReading = NetworkReading(),
    otherwise: Activation? = nil, opening: Input.Opening = Input.source
  ) throws(FileFailure) {
    try self.init(
      StoredRun.tensors(path, reading: reading, opening: opening), reading: reading,
      otherwise: otherwise)
  }
}

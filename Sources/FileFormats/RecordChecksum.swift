/// CRC-32C, the Castagnoli polynomial reflected, 0x82F63B78 (RFC 3720, appendix B.4), and the mask under
/// which TFRecord files store it.
enum RecordChecksum {
  /// The remainder of every byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? (rest >> 1) ^ 0x82f6_3b78 : rest >> 1
    }
  }

  /// The checksum of the bytes.
  static func crc32c(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { rest, byte in
      (rest >> 8) ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
    }
  }

  /// The checksum rotated right by 15 bits, plus 0xA282EAD8: a checksum of bytes that hold checksums
  /// would else be weak.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let crc = crc32c(bytes)
    return ((crc >> 15) | (crc << 17)) &+ 0xa282_ead8
  }
}

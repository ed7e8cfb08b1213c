/// Numbers as bytes, the least significant first.
enum LittleEndian {
  /// The bytes of integers.
  static func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
    let size = Number.bitWidth / 8
    var result = [UInt8](repeating: 0, count: numbers.count * size)
    for (k, number) in numbers.enumerated() {
      for i in 0..<size {
        result[k * size + i] = UInt8(truncatingIfNeeded: number >> (8 * i))
      }
    }
    return result
  }

  /// The integers that the bytes stand for; what is left over at the end is ignored.
  static func integers<Number: FixedWidthInteger & UnsignedInteger>(
    _ bytes: ArraySlice<UInt8>
  ) -> [Number] {
    let size = Number.bitWidth / 8
    var result: [Number] = []
    result.reserveCapacity(bytes.count / size)
    var place = bytes.startIndex
    while place + size <= bytes.endIndex {
      var number: Number = 0
      for i in 0..<size { number |= Number(truncatingIfNeeded: bytes[place + i]) << (8 * i) }
      result.append(number)
      place += size
    }
    return result
  }

  /// The value of an IEEE 754 binary16 number.
  static func float(half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let exponent = UInt32(half >> 10 & 0x1f)
    let fraction = UInt32(half & 0x3ff)
    switch exponent {
    case 0:
      let value = Float(fraction) * 0x1p-24
      return sign == 0 ? value : -value
    case 0x1f: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

/// What the processor could do if nothing but arithmetic took time.
extension InstructionSet {
  /// Runs `rounds` rounds of independent multiply-adds in registers, about 16 vectors each, and
  /// returns how many floating-point operations that were (a multiply-add is two).
  ///
  /// Divided by the time it takes, that is the peak against which other loops are judged. Without a
  /// fused instruction the multiplications and additions are separate.
  public func multiplyAdds(rounds: Int) -> Double {
    var sum = [Float](repeating: 0, count: 16)
    let operations = table.multiply_adds(rounds, 0.5, 0.75, &sum)
    precondition(sum[0].isFinite, "halving and adding stays finite")
    return operations
  }
}

/// What memory could do if nothing but moving bytes took time: two blocks, of which one is copied to the other.
///
/// Blocks of a few hundred kilobytes stay in the second-level cache, those of many megabytes do not.
public final class MemoryBlocks {
  private let from: UnsafeMutableRawPointer
  private let to: UnsafeMutableRawPointer
  /// The bytes of each.
  public let count: Int

  /// Two blocks of so many bytes, which the system has already given their memory.
  public init(count: Int) {
    precondition(count > 0, "a block has bytes")
    self.count = count
    from = .allocate(byteCount: count, alignment: 64)
    to = .allocate(byteCount: count, alignment: 64)
    from.initializeMemory(as: UInt8.self, repeating: 1, count: count)
    to.initializeMemory(as: UInt8.self, repeating: 2, count: count)
  }

  deinit {
    from.deallocate()
    to.deallocate()
  }

  /// Copies one block to the other so many times, back and forth; returns the bytes that were read and written.
  public func copy(rounds: Int) -> Double {
    for round in 0..<rounds {
      let isForth = round % 2 == 0
      (isForth ? to : from).copyMemory(from: isForth ? from : to, byteCount: count)
    }
    return 2 * Double(count) * Double(rounds)
  }
}

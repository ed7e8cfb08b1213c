import CKernels

/// Working memory that starts on a cache line, so that no row of a panel lies across two.
///
/// An array's elements lie 32 bytes behind what the system gave, whatever their type: half of all
/// 64-byte loads would touch two lines, and a kernel near the peak loses a tenth by it. Large scratch
/// memory asks for large pages: the processor's table of pages then covers all rows of a wide layer, and
/// its prefetching, which ends with a page, goes on.
struct Scratch: Sendable {
  private var memory: [Float] = []

  /// Floats of a cache line.
  private static let line = 16

  /// Calls `body` with at least `count` floats; what they hold is left from the call before, or 0.
  mutating func withFloats<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    if memory.count < count + Scratch.line { memory = Scratch.zeros(count + Scratch.line) }
    return memory.withUnsafeMutableBufferPointer { floats in
      let start = UnsafeMutableRawPointer(floats.baseAddress!).alignedUp(
        toMultipleOf: Scratch.line * MemoryLayout<Float>.stride)
      return body(start.assumingMemoryBound(to: Float.self))
    }
  }

  /// The system is asked before the pages are touched: later it would have to copy them together.
  private static func zeros(_ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { floats, initialized in
      prefer_large_pages(floats.baseAddress, count * MemoryLayout<Float>.stride)
      floats.initialize(repeating: 0)
      initialized = count
    }
  }
}

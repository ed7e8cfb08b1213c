/// Memory for batches of two sizes: a solver's full chunks, and the last one.
struct ChunkMemory<Part: Sendable>: Sendable {
  private var counts: [Int] = []
  private var parts: [Part] = []

  /// Where the part for so many points is; it is made where there is none yet.
  mutating func index(_ count: Int, _ make: () -> Part) -> Int {
    if let index = counts.firstIndex(of: count) { return index }
    if counts.count == 2 {
      counts.removeFirst()
      parts.removeFirst()
    }
    counts.append(count)
    parts.append(make())
    return parts.count - 1
  }

  subscript(index: Int) -> Part {
    get { parts[index] }
    _modify { yield &parts[index] }
  }
}

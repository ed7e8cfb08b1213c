/// The names of an object, by bytes: strings that look the same may be different names.
struct JSONNames {
  private var few: [String] = []
  private var many: Set<Name> = []

  /// Whether the name is new; most objects have a handful, for which nothing is hashed.
  mutating func insert(_ name: String) -> Bool {
    if few.count < 8 {
      if few.isEmpty { few.reserveCapacity(8) }
      if few.contains(where: { $0.hasBytes(of: name) }) { return false }
      few.append(name)
      return true
    }
    if many.isEmpty { many = Set(few.map(Name.init)) }
    return many.insert(Name(text: name)).inserted
  }

  /// A name that is another one where its bytes are; its text is kept once.
  private struct Name: Hashable {
    let text: String

    static func == (a: Name, b: Name) -> Bool { a.text.hasBytes(of: b.text) }

    func hash(into hasher: inout Hasher) {
      var (word, count) = (UInt64(0), 0)
      for byte in text.utf8 {
        word = word << 8 | UInt64(byte)
        count += 1
        if count & 7 == 0 { hasher.combine(word) }
      }
      hasher.combine(word)
      hasher.combine(count)
    }
  }
}

extension String {
  /// Whether both are the same bytes. Most that differ do so in their number, or are different texts, which is told
  /// sooner; of those that look the same each byte is.
  fileprivate func hasBytes(of other: String) -> Bool {
    utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
  }
}

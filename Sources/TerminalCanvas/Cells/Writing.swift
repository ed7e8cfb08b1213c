extension Screen {
  /// What is written around a cell: its row up to two blanks, or a stroke of a border, on both sides;
  /// empty where nothing is written.
  public func writing(at x: Int, _ y: Int) -> String {
    guard bounds.contains(x, y) else { return "" }
    let row = self.row(y).map(\.scalar)
    let blank: UInt32 = 0x20
    func isGap(_ column: Int) -> Bool {
      guard row.indices.contains(column), !(0x2500...0x257F).contains(row[column]) else {
        return true
      }
      return row[column] == blank
        && (column + 1 == row.count || row[column + 1] == blank
          || column > 0 && row[column - 1] == blank)
    }
    guard !isGap(x) else { return "" }
    var (first, last) = (x, x)
    while !isGap(first - 1) { first -= 1 }
    while !isGap(last + 1) { last += 1 }
    return String(self.row(y).dropFirst(first).prefix(last - first + 1).map(\.character))
  }
}

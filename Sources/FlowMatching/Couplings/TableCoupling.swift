/// Batches drawn from a table, in place of the independent draws.
struct TableCoupling: Coupling {
  let table: PairTable

  func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    let (n, m) = (x0.count, table.count)
    for j in 0..<n {
      let drawn = random.integer(below: m)
      for i in 0..<x0.dimension {
        x0.values[i * n + j] = table.x0.values[i * m + drawn]
        x1.values[i * n + j] = table.x1.values[i * m + drawn]
      }
    }
  }
}

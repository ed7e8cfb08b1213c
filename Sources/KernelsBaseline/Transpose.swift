/// Writes every layer's matrix turned, [in, out] row after row, where the matrix itself lies; the
/// biases' places are left as they are.
func transpose(_ network: Network, _ turned: UnsafeMutablePointer<Float>) {
  var offset = 0
  for layer in 0..<network.layers {
    let (inputs, outputs) = (network.widths[layer], network.widths[layer + 1])
    let (source, target) = (network.weights + offset, turned + offset)
    // Squares of a few cache lines each way: columns far apart would push each other out.
    var row = 0
    while row < outputs {
      let lastRow = min(row + 32, outputs)
      for i in 0..<inputs {
        for o in row..<lastRow { target[i * outputs + o] = source[o * inputs + i] }
      }
      row += 32
    }
    offset += network.size(layer)
  }
}

import FlowMatching

extension Batch {
  /// Points of the plane, or of another dimension, from x, y, x, y, …
  init(interleaved values: [Double], dimension: Int = 2) {
    self.init(dimension: dimension, count: values.count / dimension)
    for k in values.indices { self[k % dimension, k / dimension] = values[k] }
  }

  /// The coordinates point after point: x, y, x, y, …
  var interleaved: [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for j in 0..<count {
      for i in 0..<dimension { result[j * dimension + i] = values[i * count + j] }
    }
    return result
  }
}

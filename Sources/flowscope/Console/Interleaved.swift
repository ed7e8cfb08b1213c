import FlowMatching

extension Batch {
  /// Points of the plane from x, y, x, y, …
  init(interleaved values: [Double]) {
    self.init(dimension: 2, count: values.count / 2)
    for k in values.indices { self[k % 2, k / 2] = values[k] }
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

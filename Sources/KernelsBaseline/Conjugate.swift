import CKernels

/// values[j] = min over i of |from_i − to_j|² − duals[i]: the greatest duals of the points `to` that
/// go with these, both clouds d×their count.
func conjugate(
  _ d: Int, _ fromCount: Int, _ from: UnsafePointer<Double>, _ duals: UnsafePointer<Double>,
  _ toCount: Int, _ to: UnsafePointer<Double>, _ values: Doubles
) {
  let whole = fromCount & ~7
  for j in 0..<toCount {
    var best = Lanes(repeating: .infinity)
    var i = 0
    while i < whole {
      var value = Lanes(repeating: 0) - loadUnaligned(duals, i)
      for k in 0..<d {
        let difference =
          loadUnaligned(from, k * fromCount + i) - Lanes(repeating: to[k * toCount + j])
        value = multiplyAdd(difference, difference, value)
      }
      best = lanes_min(best, value)
      i += 8
    }
    var smallest = least(best)
    for i in whole..<fromCount {
      var value = -duals[i]
      for k in 0..<d {
        let difference = from[k * fromCount + i] - to[k * toCount + j]
        value = multiplyAdd(difference, difference, value)
      }
      smallest = value < smallest ? value : smallest
    }
    values[j] = smallest
  }
}

@inline(__always)
private func loadUnaligned(_ p: UnsafePointer<Double>, _ i: Int) -> Lanes {
  UnsafeRawPointer(p + i).loadUnaligned(as: Lanes.self)
}

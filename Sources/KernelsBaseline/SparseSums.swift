/// Writes Σ_k w_k·counts[j_k]·scale for every cell, over its neighbours j_k from bounds[cell] to
/// bounds[cell + 1], in four sums side by side: the same bits in every instruction set.
func sparseSums(
  bounds: UnsafePointer<Int32>, neighbours: UnsafePointer<Int32>, weights: UnsafePointer<Float>,
  counts: UnsafePointer<Float>, cells: Int, scale: Float, _ result: UnsafeMutablePointer<Float>
) {
  for cell in 0..<cells {
    var sums = SIMD4<Float>()
    var k = Int(bounds[cell])
    let end = Int(bounds[cell + 1])
    while k + 4 <= end {
      let near = SIMD4<Float>(
        counts[Int(neighbours[k])], counts[Int(neighbours[k + 1])], counts[Int(neighbours[k + 2])],
        counts[Int(neighbours[k + 3])])
      sums += UnsafeRawPointer(weights + k).loadUnaligned(as: SIMD4<Float>.self) * near
      k += 4
    }
    var sum = (sums.x + sums.y) + (sums.z + sums.w)
    while k < end {
      sum += weights[k] * counts[Int(neighbours[k])]
      k += 1
    }
    result[cell] = scale * sum
  }
}

/// Orders `indices[low..<high]` like the leaves of a k-d tree: every aligned run of `leafSize` is a
/// box of neighbours.
///
/// `points` are d×n. Splits the widest coordinate where the lower part is a power of two of leaves.
func orderByNeighbourhood(
  _ indices: Indices, _ low: Int, _ high: Int, _ points: UnsafePointer<Double>, _ n: Int, _ d: Int,
  leafSize: Int
) {
  if high - low <= leafSize { return }
  var (widest, width) = (0, -1.0)
  for k in 0..<d {
    let x = points + k * n
    var (least, most) = (Double.infinity, -Double.infinity)
    for i in low..<high {
      let value = x[Int(indices[i])]
      least = value < least ? value : least
      most = value > most ? value : most
    }
    if most - least > width { (widest, width) = (k, most - least) }
  }
  var part = leafSize
  while 2 * part < high - low { part *= 2 }
  select(low + part, indices, low, high, by: points + widest * n)
  orderByNeighbourhood(indices, low, low + part, points, n, d, leafSize: leafSize)
  orderByNeighbourhood(indices, low + part, high, points, n, d, leafSize: leafSize)
}

/// Hoare's selection: puts no greater values before `middle` than from there on.
private func select(
  _ middle: Int, _ indices: Indices, _ low: Int, _ high: Int, by values: UnsafePointer<Double>
) {
  var (low, high) = (low, high - 1)
  while low < high {
    let pivot = values[Int(indices[(low + high) / 2])]
    var (i, j) = (low, high)
    while i <= j {
      while values[Int(indices[i])] < pivot { i += 1 }
      while values[Int(indices[j])] > pivot { j -= 1 }
      if i <= j {
        (indices[i], indices[j]) = (indices[j], indices[i])
        i += 1
        j -= 1
      }
    }
    if middle <= j {
      high = j
    } else if middle >= i {
      low = i
    } else {
      return
    }
  }
}

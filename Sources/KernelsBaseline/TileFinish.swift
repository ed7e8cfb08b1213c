import CKernels

/// Where the tiles of a matrix product go, and what is done to them while still in the nearest cache.
protocol TileFinish {
  /// Takes vector `index` of the result from the register that it was summed in.
  func store(_ value: Vector, at index: Int)
  /// Asks the caches for what the `count` vectors from vector `offset` on will need.
  func expect(offset: Int, count: Int)
  /// `count` vectors of the product's result, from vector `offset` on, have been stored.
  func finish(offset: Int, count: Int)
}

extension TileFinish {
  @inline(__always) func expect(offset: Int, count: Int) {}
}

/// Leaves the result as it is.
struct Unchanged: TileFinish {
  let values: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) { values[index] = value }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// Applies an activation in place and, where asked to, records its derivative.
struct Activate: TileFinish {
  let code: Int
  let values: UnsafeMutablePointer<Vector>
  let derivatives: UnsafeMutablePointer<Vector>?

  @inline(__always) func store(_ value: Vector, at index: Int) { values[index] = value }

  @inline(__always)
  func finish(offset: Int, count: Int) {
    switch code {
    case 0: apply(SELU.self, offset, count)
    case 1: apply(SiLU.self, offset, count)
    case 2: apply(Tanh.self, offset, count)
    case 3: apply(ELU.self, offset, count)
    case 4: apply(ReLU.self, offset, count)
    case 5: apply(GELU.self, offset, count)
    default: apply(Softplus.self, offset, count)
    }
  }

  @inline(never)
  private func apply<N: Nonlinearity>(_: N.Type, _ offset: Int, _ count: Int) {
    if let derivatives {
      for i in offset..<offset + count {
        let (value, derivative) = N.both(values[i])
        values[i] = value
        derivatives[i] = derivative
      }
    } else {
      for i in offset..<offset + count { values[i] = N.value(values[i]) }
    }
  }
}

/// Multiplies recorded derivatives by the result: ∂L/∂z = f′(z)·∂L/∂f(z), in the derivatives' place.
struct ChainRule: TileFinish {
  let derivatives: UnsafeMutablePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) { derivatives[index] *= value }
  @inline(__always) func expect(offset: Int, count: Int) {
    var i = offset
    while i < offset + count {
      lanes_prefetch(derivatives + i)
      i += lineFloats / Vector.scalarCount
    }
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

/// The tangent behind an activation: f′(z)·ż.
struct Tangent: TileFinish {
  let values: UnsafeMutablePointer<Vector>
  let derivatives: UnsafePointer<Vector>

  @inline(__always) func store(_ value: Vector, at index: Int) {
    values[index] = value * derivatives[index]
  }
  @inline(__always) func finish(offset: Int, count: Int) {}
}

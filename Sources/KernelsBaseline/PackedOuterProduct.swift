/// gradient += Σ over points of z·xᵀ, then of z, as `addOuterProduct` does, for wide layers.
///
/// 32 inputs of all panels at a time are turned, a row for each point, so that the product is one
/// like the forward pass's, with sums in whole registers instead of sums over lanes at the end.
/// `packed` holds `panels`·32 + 8 rows.
func addPackedOuterProduct(
  _ z: UnsafePointer<Float>, outputs: Int, _ x: UnsafePointer<Float>, inputs: Int, panels: Int,
  _ gradient: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>
) {
  let tile = packed + panels * panelWidth * panelWidth
  var block = 0
  while block < inputs {
    let width = min(panelWidth, inputs - block)
    for panel in 0..<panels {
      turn(
        x + (panel * inputs + block) * panelWidth, rows: width,
        packed + panel * panelWidth * panelWidth)
    }
    var output = 0
    while output < outputs {
      let height = min(8, outputs - output)
      multiplyPacked(
        z + output * panelWidth, height: height, stride: outputs * panelWidth, vectors(packed),
        panels: panels, vectors(tile))
      for i in 0..<height {
        let row = gradient + (output + i) * inputs + block
        let sums = tile + i * panelWidth
        for j in 0..<width { row[j] += sums[j] }
      }
      output += 8
    }
    block += panelWidth
  }
  addBiases(
    UnsafeRawPointer(z).assumingMemoryBound(to: Vector.self), outputs, panels: panels,
    gradient + outputs * inputs)
}

/// Column j of a panel's rows becomes row j; beyond `rows` it is filled with 0.
private func turn(
  _ source: UnsafePointer<Float>, rows: Int, _ target: UnsafeMutablePointer<Float>
) {
  if rows < panelWidth {
    for k in 0..<panelWidth * panelWidth { target[k] = 0 }
    for i in 0..<rows {
      for j in 0..<panelWidth { target[j * panelWidth + i] = source[i * panelWidth + j] }
    }
    return
  }
  let lanes = Vector.scalarCount
  var row = 0
  while row < panelWidth {
    var column = 0
    while column < panelWidth {
      turnSquare(source + row * panelWidth + column, target + column * panelWidth + row)
      column += lanes
    }
    row += lanes
  }
}

/// A square of as many rows as a vector has lanes.
///
/// Each round takes the even and the odd lanes of the pairs of rows whose numbers differ in one
/// bit: it exchanges that bit of the row for the lowest of the lane, and turns the lanes' bits.
@inline(__always)
private func turnSquare(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
  let input = UnsafeRawPointer(source).assumingMemoryBound(to: Vector.self)
  let output = vectors(target)
  for i in 0..<Vector.scalarCount { output[i * rowVectors] = input[i * rowVectors] }
  var bit = 1
  while bit < Vector.scalarCount {
    for i in 0..<Vector.scalarCount where i & bit == 0 {
      let (a, b) = (output[i * rowVectors], output[(i | bit) * rowVectors])
      (output[i * rowVectors], output[(i | bit) * rowVectors]) = split(a, b)
    }
    bit *= 2
  }
}

/// The even lanes of a, then b, and the odd ones.
@inline(__always)
private func split(_ a: Vector, _ b: Vector) -> (Vector, Vector) {
  #if AVX512
    let pair = SIMD32(lowHalf: a, highHalf: b)
  #elseif AVX2
    let pair = SIMD16(lowHalf: a, highHalf: b)
  #else
    let pair = SIMD8(lowHalf: a, highHalf: b)
  #endif
  return (pair.evenHalf, pair.oddHalf)
}

/// At most eight rows of z times the packed rows, summed over all points.
@inline(__always)
private func multiplyPacked(
  _ z: UnsafePointer<Float>, height: Int, stride: Int, _ x: UnsafePointer<Vector>, panels: Int,
  _ y: UnsafeMutablePointer<Vector>
) {
  #if WIDE_TILE
    if height == 8 {
      var column = 0
      while column < rowVectors {
        let (top, bottom) = multiplyEight(z, stride: stride, x + column, panels: panels)
        top.store(y + column, rows: 4)
        bottom.store(y + 4 * rowVectors + column, rows: 4)
        column += 2
      }
      return
    }
  #endif
  var row = 0
  while row < height {
    let rows = min(4, height - row)
    var column = 0
    while column < rowVectors {
      multiplyFour(z + row * panelWidth, rows: rows, stride: stride, x + column, panels: panels)
        .store(y + row * rowVectors + column, rows: rows)
      column += 2
    }
    row += 4
  }
}

/// Four rows by two vectors; rows from `rows` on repeat the last.
@inline(__always)
private func multiplyFour(
  _ z: UnsafePointer<Float>, rows: Int, stride: Int, _ x: UnsafePointer<Vector>, panels: Int
) -> Quad {
  var tile = Quad(0, 0, 0, 0)
  let last = rows - 1
  for panel in 0..<panels {
    let a = z + panel * stride
    let (b, c, d) = (
      a + min(1, last) * panelWidth, a + min(2, last) * panelWidth, a + min(3, last) * panelWidth
    )
    let source = x + panel * panelWidth * rowVectors
    for k in 0..<panelWidth {
      tile.add(a[k], b[k], c[k], d[k], source[k * rowVectors], source[k * rowVectors + 1])
    }
  }
  return tile
}

#if WIDE_TILE
  /// Eight rows by two vectors.
  @inline(__always)
  private func multiplyEight(
    _ z: UnsafePointer<Float>, stride: Int, _ x: UnsafePointer<Vector>, panels: Int
  ) -> (Quad, Quad) {
    var top = Quad(0, 0, 0, 0)
    var bottom = top
    for panel in 0..<panels {
      let a = z + panel * stride
      let source = x + panel * panelWidth * rowVectors
      for k in 0..<panelWidth {
        let (x0, x1) = (source[k * rowVectors], source[k * rowVectors + 1])
        let b = a + k
        top.add(b[0], b[32], b[64], b[96], x0, x1)
        bottom.add(b[128], b[160], b[192], b[224], x0, x1)
      }
    }
    return (top, bottom)
  }
#endif

import CKernels

/// Four rows by two vectors of a product's result, held in registers.
struct Quad {
  var a0, a1, b0, b1, c0, c1, d0, d1: Vector

  /// The first vector pair of each row.
  @inline(__always)
  init(_ a: Float, _ b: Float, _ c: Float, _ d: Float) {
    (a0, b0, c0, d0) = (constant(a), constant(b), constant(c), constant(d))
    (a1, b1, c1, d1) = (a0, b0, c0, d0)
  }

  /// Adds the products of four weights with a pair of vectors.
  @inline(__always)
  mutating func add(_ a: Float, _ b: Float, _ c: Float, _ d: Float, _ x0: Vector, _ x1: Vector) {
    a0 = multiplyAdd(constant(a), x0, a0)
    a1 = multiplyAdd(constant(a), x1, a1)
    b0 = multiplyAdd(constant(b), x0, b0)
    b1 = multiplyAdd(constant(b), x1, b1)
    c0 = multiplyAdd(constant(c), x0, c0)
    c1 = multiplyAdd(constant(c), x1, c1)
    d0 = multiplyAdd(constant(d), x0, d0)
    d1 = multiplyAdd(constant(d), x1, d1)
  }

  /// Stores the first `rows` rows, from vector `index` of the result on.
  @inline(__always)
  func store(into finish: some TileFinish, at index: Int, rows: Int) {
    finish.store(a0, at: index)
    finish.store(a1, at: index + 1)
    if rows > 1 {
      finish.store(b0, at: index + rowVectors)
      finish.store(b1, at: index + rowVectors + 1)
    }
    if rows > 2 {
      finish.store(c0, at: index + 2 * rowVectors)
      finish.store(c1, at: index + 2 * rowVectors + 1)
    }
    if rows > 3 {
      finish.store(d0, at: index + 3 * rowVectors)
      finish.store(d1, at: index + 3 * rowVectors + 1)
    }
  }
}

/// A matrix as a product reads it: element (i, k) is `values[i * rowStride + k * columnStride]`, so
/// that the same loop multiplies by the matrix and by its transpose.
struct MatrixView {
  let values: UnsafePointer<Float>
  let rowStride: Int
  let columnStride: Int

  /// Asks for the `part`-th of `parts` of the eight rows from `first` on, where rows lie in one piece.
  @inline(__always)
  func expectRows(after first: Int, of rows: Int, depth: Int, part: Int, parts: Int) {
    guard columnStride == 1, first < rows else { return }
    let lines = min(8, rows - first) * depth / lineFloats
    let next = values + first * rowStride
    for line in part * lines / parts..<(part + 1) * lines / parts {
      lanes_prefetch_far(next + line * lineFloats)
    }
  }
}

/// Narrower layers stay in the second-level cache from one tile to the next.
private let farDepth = 256

/// Wx + bias for every panel, into `finish`: W is `rows`×`depth`, x `depth` rows a panel, the result
/// `rows` rows a panel.
///
/// Eight rows of W go over all panels before the next eight do: they stay in the nearest cache.
/// `finish` takes each piece of the result as soon as it is there. A wide layer does not fit the near
/// caches: what the next tile needs is fetched during this one.
@inline(__always)
func multiply<Finish: TileFinish>(
  _ w: MatrixView, bias: UnsafePointer<Float>?, rows: Int, depth: Int,
  _ x: UnsafePointer<Vector>, panels: Int, finish: Finish
) {
  var row = 0
  while row < rows {
    let height = min(8, rows - row)
    for panel in 0..<panels {
      let source = x + panel * depth * rowVectors
      let offset = (panel * rows + row) * rowVectors
      if depth >= farDepth {
        finish.expect(offset: offset, count: height * rowVectors)
        w.expectRows(after: row + height, of: rows, depth: depth, part: panel, parts: panels)
      }
      multiplyTile(
        w, bias: bias, row: row, height: height, depth: depth, source, finish, offset: offset)
      finish.finish(offset: offset, count: height * rowVectors)
    }
    row += height
  }
}

/// At most eight rows of the product for one panel, from vector `offset` of the result on.
@inline(__always)
func multiplyTile<Finish: TileFinish>(
  _ w: MatrixView, bias: UnsafePointer<Float>?, row: Int, height: Int, depth: Int,
  _ x: UnsafePointer<Vector>, _ finish: Finish, offset: Int
) {
  #if WIDE_TILE
    if height == 8 {
      var column = 0
      while column < rowVectors {
        multiplyEight(
          w, bias: bias, row: row, depth: depth, x + column, finish, offset: offset + column)
        column += 2
      }
      return
    }
  #endif
  var done = 0
  while done < height {
    var column = 0
    while column < rowVectors {
      multiplyFour(
        w, bias: bias, row: row + done, height: min(4, height - done), depth: depth,
        x + column, finish, offset: offset + done * rowVectors + column)
      column += 2
    }
    done += 4
  }
}

/// Four rows by two vectors; rows from `height` on repeat the last and are not written.
@inline(__always)
private func multiplyFour<Finish: TileFinish>(
  _ w: MatrixView, bias: UnsafePointer<Float>?, row: Int, height: Int, depth: Int,
  _ x: UnsafePointer<Vector>, _ finish: Finish, offset: Int
) {
  let (i1, i2, i3) = (min(1, height - 1), min(2, height - 1), min(3, height - 1))
  var tile = Quad(0, 0, 0, 0)
  if let bias { tile = Quad(bias[row], bias[row + i1], bias[row + i2], bias[row + i3]) }
  let a = w.values + row * w.rowStride
  let (b, c, d) = (a + i1 * w.rowStride, a + i2 * w.rowStride, a + i3 * w.rowStride)
  for k in 0..<depth {
    let column = k * w.columnStride
    tile.add(
      a[column], b[column], c[column], d[column], x[k * rowVectors], x[k * rowVectors + 1])
  }
  tile.store(into: finish, at: offset, rows: height)
}

#if WIDE_TILE
  /// Eight rows by two vectors: sixteen sums in flight, which 32 registers have room for.
  @inline(__always)
  private func multiplyEight<Finish: TileFinish>(
    _ w: MatrixView, bias: UnsafePointer<Float>?, row: Int, depth: Int,
    _ x: UnsafePointer<Vector>, _ finish: Finish, offset: Int
  ) {
    var top = Quad(0, 0, 0, 0)
    var bottom = top
    if let bias {
      top = Quad(bias[row], bias[row + 1], bias[row + 2], bias[row + 3])
      bottom = Quad(bias[row + 4], bias[row + 5], bias[row + 6], bias[row + 7])
    }
    let stride = w.rowStride
    var a = w.values + row * stride
    for k in 0..<depth {
      let (x0, x1) = (x[k * rowVectors], x[k * rowVectors + 1])
      top.add(a[0], a[stride], a[2 * stride], a[3 * stride], x0, x1)
      bottom.add(a[4 * stride], a[5 * stride], a[6 * stride], a[7 * stride], x0, x1)
      a += w.columnStride
    }
    top.store(into: finish, at: offset, rows: 4)
    bottom.store(into: finish, at: offset + 4 * rowVectors, rows: 4)
  }
#endif

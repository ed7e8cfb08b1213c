import CKernels

/// gradient += Σ over points of z·xᵀ, then of z, as `addOuterProduct` does, for wide layers.
///
/// 32 inputs of all panels at a time are turned, a row for each point, so that the product is one
/// like the forward pass's, with sums in whole registers instead of sums over lanes at the end. A wide
/// layer does not fit the near caches: the gradient's rows and the next 32 inputs are fetched
/// meanwhile. `packed` holds `panels`·32 + 8 rows.
func addPackedOuterProduct(
  _ z: UnsafePointer<Float>, outputs: Int, _ x: UnsafePointer<Float>, inputs: Int, panels: Int,
  group: Int = 1, _ gradient: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>
) {
  let tile = packed + panels * panelWidth * panelWidth
  let tiles = (outputs + 7) / 8
  var block = 0
  while block < inputs {
    let width = min(panelWidth, inputs - block)
    for panel in 0..<panels {
      turnPanel(
        x + (panel * inputs + block) * panelWidth, rows: width,
        packed + panel * panelWidth * panelWidth)
    }
    for part in 0..<tiles {
      let output = part * 8
      let height = min(8, outputs - output)
      let target = AddToRows(first: gradient + output * inputs + block, stride: inputs)
      target.expect(rows: height, width: width)
      expectBlock(
        x, first: block + panelWidth, inputs: inputs, panels: panels, part: part, parts: tiles)
      let (rows, stride) = (z + output * panelWidth, outputs * panelWidth)
      if width == panelWidth {
        multiplyPacked(
          rows, height: height, stride: stride, vectors(packed), panels: panels, target)
      } else {
        multiplyPacked(
          rows, height: height, stride: stride, vectors(packed), panels: panels,
          Unchanged(values: vectors(tile)))
        target.add(tile, rows: height, width: width)
      }
    }
    block += panelWidth
  }
  addBiases(
    UnsafeRawPointer(z).assumingMemoryBound(to: Vector.self), outputs, panels: panels,
    group: group, gradient + outputs * inputs)
}

/// Asks for the `part`-th of `parts` of the 32 inputs from `first` on, of all panels.
@inline(__always)
private func expectBlock(
  _ x: UnsafePointer<Float>, first: Int, inputs: Int, panels: Int, part: Int, parts: Int
) {
  guard first + panelWidth <= inputs else { return }
  let rows = panels * panelWidth
  for i in part * rows / parts..<(part + 1) * rows / parts {
    let row = x + ((i / panelWidth) * inputs + first + i % panelWidth) * panelWidth
    lanes_prefetch_far(row)
    lanes_prefetch_far(row + lineFloats)
  }
}

/// Adds a product to rows of a matrix, which need not be aligned.
private struct AddToRows: TileFinish {
  let first: UnsafeMutablePointer<Float>
  let stride: Int

  /// A tile as wide as a panel goes there from the registers that it was summed in.
  @inline(__always) func store(_ value: Vector, at index: Int) {
    let place = UnsafeMutableRawPointer(
      first + (index / rowVectors) * stride + (index % rowVectors) * Vector.scalarCount)
    place.storeBytes(of: place.loadUnaligned(as: Vector.self) + value, as: Vector.self)
  }
  @inline(__always) func finish(offset: Int, count: Int) {}

  /// Adds a narrower one, whose rows are as long as a panel's.
  func add(_ tile: UnsafePointer<Float>, rows: Int, width: Int) {
    for i in 0..<rows {
      for j in 0..<width { first[i * stride + j] += tile[i * panelWidth + j] }
    }
  }

  /// Asks for `rows` rows.
  @inline(__always) func expect(rows: Int, width: Int) {
    for i in 0..<rows {
      let row = first + i * stride
      lanes_prefetch(row)
      lanes_prefetch(row + lineFloats)
      lanes_prefetch(row + width - 1)
    }
  }
}

/// Column j of a panel's rows becomes row j; beyond `rows` it is filled with 0.
func turnPanel(
  _ source: UnsafePointer<Float>, rows: Int, _ target: UnsafeMutablePointer<Float>
) {
  if rows < panelWidth {
    for k in 0..<panelWidth * panelWidth { target[k] = 0 }
  }
  var row = 0
  while row + 4 <= rows {
    let from = source + row * panelWidth
    lanes_turn(from, panelWidth, target + row, panelWidth)
    lanes_turn(from + 16, panelWidth, target + 16 * panelWidth + row, panelWidth)
    row += 4
  }
  for i in row..<rows {
    for j in 0..<panelWidth { target[j * panelWidth + i] = source[i * panelWidth + j] }
  }
}

/// At most eight rows of z times the packed rows, summed over all points.
@inline(__always)
private func multiplyPacked(
  _ z: UnsafePointer<Float>, height: Int, stride: Int, _ x: UnsafePointer<Vector>, panels: Int,
  _ sums: some TileFinish
) {
  #if WIDE_TILE
    if height == 8 {
      var column = 0
      while column < rowVectors {
        let (top, bottom) = multiplyEight(z, stride: stride, x + column, panels: panels)
        top.store(into: sums, at: column, rows: 4)
        bottom.store(into: sums, at: 4 * rowVectors + column, rows: 4)
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
        .store(into: sums, at: row * rowVectors + column, rows: rows)
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

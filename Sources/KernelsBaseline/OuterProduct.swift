/// The products of one row with four others, summed over points, a lane for each residue.
struct Dots {
  var d0, d1, d2, d3: Vector

  @inline(__always)
  init() {
    d0 = constant(0)
    (d1, d2, d3) = (d0, d0, d0)
  }

  @inline(__always)
  mutating func add(_ z: Vector, _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector) {
    d0 = multiplyAdd(z, x0, d0)
    d1 = multiplyAdd(z, x1, d1)
    d2 = multiplyAdd(z, x2, d2)
    d3 = multiplyAdd(z, x3, d3)
  }

  /// The four sums over all lanes, by a tree of pairwise sums.
  @inline(__always)
  var sums: SIMD4<Float> {
    #if AVX512
      let (p, q) = (SIMD32(lowHalf: d0, highHalf: d1), SIMD32(lowHalf: d2, highHalf: d3))
      let r = SIMD32(lowHalf: p.evenHalf + p.oddHalf, highHalf: q.evenHalf + q.oddHalf)
      let s = r.evenHalf + r.oddHalf
      let t = s.evenHalf + s.oddHalf
      return t.evenHalf + t.oddHalf
    #elseif AVX2
      let (p, q) = (SIMD16(lowHalf: d0, highHalf: d1), SIMD16(lowHalf: d2, highHalf: d3))
      let r = SIMD16(lowHalf: p.evenHalf + p.oddHalf, highHalf: q.evenHalf + q.oddHalf)
      let s = r.evenHalf + r.oddHalf
      return s.evenHalf + s.oddHalf
    #else
      let (p, q) = (SIMD8(lowHalf: d0, highHalf: d1), SIMD8(lowHalf: d2, highHalf: d3))
      let r = SIMD8(lowHalf: p.evenHalf + p.oddHalf, highHalf: q.evenHalf + q.oddHalf)
      return r.evenHalf + r.oddHalf
    #endif
  }
}

/// gradient += Σ over points of z·xᵀ, then of z: `outputs` rows of `inputs` weights, then the biases.
///
/// x has `inputs` rows a panel, z `outputs`; the biases are those of every `group`-th panel, since
/// tangents have none. Sixteen inputs of all panels are kept in the nearest
/// cache while the rows of z pass by.
@inline(never)
func addOuterProduct(
  _ z: UnsafePointer<Vector>, outputs: Int, _ x: UnsafePointer<Vector>, inputs: Int,
  panels: Int, group: Int = 1, _ gradient: UnsafeMutablePointer<Float>
) {
  var block = 0
  while block < inputs {
    let blockEnd = min(block + 16, inputs)
    var output = 0
    while output < outputs {
      var input = block
      while input < blockEnd {
        addOuterTile(
          z, output: output, outputs: outputs, x, input: input, inputs: inputs, panels: panels,
          gradient)
        input += 4
      }
      output += outerRows
    }
    block = blockEnd
  }
  addBiases(z, outputs, panels: panels, group: group, gradient + outputs * inputs)
}

/// biases += Σ over points of z, of every `group`-th panel from the first on.
@inline(__always)
func addBiases(
  _ z: UnsafePointer<Vector>, _ outputs: Int, panels: Int, group: Int,
  _ biases: UnsafeMutablePointer<Float>
) {
  for output in 0..<outputs {
    var sum = constant(0)
    var panel = 0
    while panel < panels {
      let row = z + (panel * outputs + output) * rowVectors
      for i in 0..<rowVectors { sum += row[i] }
      panel += group
    }
    biases[output] += sum.sum()
  }
}

#if WIDE_TILE
  private let outerRows = 4
#else
  private let outerRows = 2
#endif

/// `outerRows` by four elements; those beyond the matrix repeat its last and are not written.
@inline(__always)
private func addOuterTile(
  _ z: UnsafePointer<Vector>, output: Int, outputs: Int, _ x: UnsafePointer<Vector>, input: Int,
  inputs: Int, panels: Int, _ gradient: UnsafeMutablePointer<Float>
) {
  let (lastOutput, lastInput) = (outputs - 1 - output, inputs - 1 - input)
  let (x1, x2, x3) = (
    min(1, lastInput) * rowVectors, min(2, lastInput) * rowVectors, min(3, lastInput) * rowVectors
  )
  let z1 = min(1, lastOutput) * rowVectors
  var source = x + input * rowVectors
  var cotangent = z + output * rowVectors
  var (a, b) = (Dots(), Dots())
  #if WIDE_TILE
    let (z2, z3) = (min(2, lastOutput) * rowVectors, min(3, lastOutput) * rowVectors)
    var (c, d) = (Dots(), Dots())
  #endif
  for _ in 0..<panels {
    for i in 0..<rowVectors {
      let (p, q, r, s) = (source[i], source[x1 + i], source[x2 + i], source[x3 + i])
      a.add(cotangent[i], p, q, r, s)
      b.add(cotangent[z1 + i], p, q, r, s)
      #if WIDE_TILE
        c.add(cotangent[z2 + i], p, q, r, s)
        d.add(cotangent[z3 + i], p, q, r, s)
      #endif
    }
    source += inputs * rowVectors
    cotangent += outputs * rowVectors
  }
  let row = gradient + output * inputs + input
  let count = min(4, inputs - input)
  add(a.sums, to: row, count: count)
  if lastOutput >= 1 { add(b.sums, to: row + inputs, count: count) }
  #if WIDE_TILE
    if lastOutput >= 2 { add(c.sums, to: row + 2 * inputs, count: count) }
    if lastOutput >= 3 { add(d.sums, to: row + 3 * inputs, count: count) }
  #endif
}

/// Adds the first `count` of four sums to consecutive elements.
@inline(__always)
private func add(_ sums: SIMD4<Float>, to row: UnsafeMutablePointer<Float>, count: Int) {
  row[0] += sums[0]
  if count > 1 { row[1] += sums[1] }
  if count > 2 { row[2] += sums[2] }
  if count > 3 { row[3] += sums[3] }
}

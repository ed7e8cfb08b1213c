#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A matrix of Floats whose rows are whole vectors of eight lanes; lanes beyond the columns are 0.
struct LaneMatrix: Sendable {
  typealias Lane = SIMD8<Float>
  let rows, columns: Int
  /// Vectors of a row.
  let width: Int
  private var lanes: [Lane]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    width = (columns + 7) / 8
    lanes = [Lane](repeating: .zero, count: rows * width)
  }

  mutating func clear() {
    for k in lanes.indices { lanes[k] = .zero }
  }

  /// Takes all its rows from a list; returns where the next matrix begins.
  mutating func load(_ values: [Float], from offset: Int) -> Int {
    load(rows: rows, values, from: offset)
    return offset + rows * columns
  }

  /// Takes its first rows from a list.
  mutating func load(rows: Int, _ values: [Float], from offset: Int = 0) {
    var k = offset
    for row in 0..<rows {
      for column in 0..<columns {
        lanes[row * width + column / 8][column % 8] = values[k]
        k += 1
      }
    }
  }

  /// Writes all its rows to a list; returns where the next matrix begins.
  func store(into values: inout [Float], from offset: Int) -> Int {
    store(into: &values, rows: rows, from: offset)
    return offset + rows * columns
  }

  /// Writes its first rows to a list.
  func store(into values: inout [Float], rows: Int, from offset: Int = 0) {
    var k = offset
    for row in 0..<rows {
      for column in 0..<columns {
        values[k] = lanes[row * width + column / 8][column % 8]
        k += 1
      }
    }
  }

  mutating func copyRow(_ row: Int, from other: LaneMatrix, _ otherRow: Int) {
    let (a, b) = (row * width, otherRow * width)
    for k in 0..<width { lanes[a + k] = other.lanes[b + k] }
  }

  mutating func addRow(_ row: Int, _ other: LaneMatrix, _ otherRow: Int) {
    let (a, b) = (row * width, otherRow * width)
    for k in 0..<width { lanes[a + k] += other.lanes[b + k] }
  }

  mutating func addRow(_ row: Int, _ other: LaneMatrix, _ otherRow: Int, times factor: Float) {
    let (a, b) = (row * width, otherRow * width)
    for k in 0..<width { lanes[a + k] += factor * other.lanes[b + k] }
  }

  /// x·W + b for the first rows of x; the last row of W is b.
  mutating func multiply(_ x: LaneMatrix, _ w: LaneMatrix, rows: Int) {
    let (inputs, bias) = (w.rows - 1, (w.rows - 1) * width)
    var row = 0
    // Four rows share what is read of W.
    while row < rows {
      let (r0, r1) = (row, min(row + 1, rows - 1))
      let (r2, r3) = (min(row + 2, rows - 1), min(row + 3, rows - 1))
      for v in 0..<width {
        var (a0, a1) = (w.lanes[bias + v], w.lanes[bias + v])
        var (a2, a3) = (a0, a1)
        for block in 0..<x.width {
          let x0 = x.lanes[r0 * x.width + block]
          let x1 = x.lanes[r1 * x.width + block]
          let x2 = x.lanes[r2 * x.width + block]
          let x3 = x.lanes[r3 * x.width + block]
          for lane in 0..<min(8, inputs - 8 * block) {
            let weight = w.lanes[(8 * block + lane) * width + v]
            a0 += x0[lane] * weight
            a1 += x1[lane] * weight
            a2 += x2[lane] * weight
            a3 += x3[lane] * weight
          }
        }
        lanes[r3 * width + v] = a3
        lanes[r2 * width + v] = a2
        lanes[r1 * width + v] = a1
        lanes[r0 * width + v] = a0
      }
      row += 4
    }
  }

  /// y·Wᵀ for the first rows of y, without the row of the bias.
  mutating func multiplyTransposed(_ y: LaneMatrix, _ w: LaneMatrix, rows: Int) {
    let (inputs, depth) = (w.rows - 1, w.width)
    for row in 0..<rows {
      let start = row * depth
      for block in 0..<width {
        // Four inputs share what is read of y; those beyond the last repeat it and are left out.
        var result = Lane.zero
        for half in [0, 4] where 8 * block + half < inputs {
          let k = 8 * block + half
          let (k0, k1) = (k * depth, min(k + 1, inputs - 1) * depth)
          let (k2, k3) = (min(k + 2, inputs - 1) * depth, min(k + 3, inputs - 1) * depth)
          var (a0, a1, a2, a3) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
          for v in 0..<depth {
            let pull = y.lanes[start + v]
            a0 += pull * w.lanes[k0 + v]
            a1 += pull * w.lanes[k1 + v]
            a2 += pull * w.lanes[k2 + v]
            a3 += pull * w.lanes[k3 + v]
          }
          result[half] = a0.sum()
          if k + 1 < inputs { result[half + 1] = a1.sum() }
          if k + 2 < inputs { result[half + 2] = a2.sum() }
          if k + 3 < inputs { result[half + 3] = a3.sum() }
        }
        lanes[row * width + block] = result
      }
    }
  }

  /// The gradient of W and its bias: Σ over the first rows of xᵀ·y, in the order of the rows.
  mutating func gather(_ x: LaneMatrix, _ y: LaneMatrix, rows count: Int) {
    let inputs = rows - 1
    for v in 0..<width {
      for block in 0..<x.width {
        for half in [0, 4] where 8 * block + half < inputs {
          var (a0, a1, a2, a3) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero)
          for row in 0..<count {
            let pull = y.lanes[row * width + v]
            let value =
              half == 0
              ? x.lanes[row * x.width + block].lowHalf : x.lanes[row * x.width + block].highHalf
            a0 += value[0] * pull
            a1 += value[1] * pull
            a2 += value[2] * pull
            a3 += value[3] * pull
          }
          let k = 8 * block + half
          lanes[k * width + v] = a0
          if k + 1 < inputs { lanes[(k + 1) * width + v] = a1 }
          if k + 2 < inputs { lanes[(k + 2) * width + v] = a2 }
          if k + 3 < inputs { lanes[(k + 3) * width + v] = a3 }
        }
      }
      var sum = Lane.zero
      for row in 0..<count { sum += y.lanes[row * width + v] }
      lanes[inputs * width + v] = sum
    }
  }

  /// f(x) = x/(1 + e^(−x)).
  mutating func activate(_ x: LaneMatrix, rows: Int) {
    for row in 0..<rows {
      for column in 0..<columns {
        let (v, lane) = (row * width + column / 8, column % 8)
        let value = x.lanes[v][lane]
        lanes[v][lane] = value / (1 + exp(-value))
      }
    }
  }

  /// Multiplies by f′(x) = s(1 + x(1 − s)), s = 1/(1 + e^(−x)).
  mutating func scaleBySlope(_ x: LaneMatrix, rows: Int) {
    for row in 0..<rows {
      for column in 0..<columns {
        let (v, lane) = (row * width + column / 8, column % 8)
        let value = x.lanes[v][lane]
        let s = 1 / (1 + exp(-value))
        lanes[v][lane] *= s * (1 + value * (1 - s))
      }
    }
  }
}

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
    for row in 0..<rows {
      for input in 0..<w.rows - 1 {
        var sum = Lane.zero
        for v in 0..<w.width { sum += y.lanes[row * w.width + v] * w.lanes[input * w.width + v] }
        lanes[row * width + input / 8][input % 8] = sum.sum()
      }
    }
  }

  /// The gradient of W and its bias: Σ over the first rows of xᵀ·y, in the order of the rows.
  mutating func gather(_ x: LaneMatrix, _ y: LaneMatrix, rows count: Int) {
    let inputs = rows - 1
    for input in 0..<rows {
      for v in 0..<width {
        var sum = Lane.zero
        if input < inputs {
          let (block, lane) = (input / 8, input % 8)
          for row in 0..<count {
            sum += x.lanes[row * x.width + block][lane] * y.lanes[row * width + v]
          }
        } else {
          for row in 0..<count { sum += y.lanes[row * width + v] }
        }
        lanes[input * width + v] = sum
      }
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

import FlowMatching
import TerminalCanvas

/// Places of a plot at which a field is sampled: every half cell, or where that is too many, the
/// middles of larger squares.
struct PlotGrid: Sendable, Hashable {
  let axes: PlotAxes
  /// Half cells along an edge of a square.
  let stride: Int
  /// Samples in a row, and rows of them.
  let columns, rows: Int

  /// The finest grid of at most `limit` samples whose squares are at least `stride` wide.
  init(_ axes: PlotAxes, limit: Int, stride least: Int = 1) {
    self.axes = axes
    func count(_ cells: Int, _ stride: Int) -> Int { (cells + stride - 1) / stride }
    var stride = max(1, least)
    while count(axes.rect.width, stride) * count(2 * axes.rect.height, stride) > max(1, limit) {
      stride += 1
    }
    self.stride = stride
    columns = count(axes.rect.width, stride)
    rows = count(2 * axes.rect.height, stride)
  }

  /// The number of samples.
  var count: Int { columns * rows }

  /// The area of one sample's square in world units.
  var area: Double {
    let side = Double(2 * stride)
    return side * axes.unitsPerDotX * side * axes.unitsPerDotY
  }

  /// The places of the samples, row after row from the upper left, `2×n`.
  func points() -> Batch {
    var points = Batch(dimension: 2, count: count)
    let side = Double(2 * stride)
    for row in 0..<rows {
      for column in 0..<columns {
        let world = axes.world(
          dotX: (Double(column) + 0.5) * side, dotY: (Double(row) + 0.5) * side)
        points.values[row * columns + column] = world.x
        points.values[count + row * columns + column] = world.y
      }
    }
    return points
  }

  /// The value at a half cell, counted from the upper left; between samples bilinear.
  func value(_ values: [Float], column: Int, half: Int) -> Float {
    if stride == 1 { return values[half * columns + column] }
    return value(values, dotX: Double(2 * column + 1), dotY: Double(2 * half + 1))
  }

  /// The value at a place given in dots, bilinear between the samples around it.
  func value(_ values: [Float], dotX: Double, dotY: Double) -> Float {
    let side = Double(2 * stride)
    let x = min(max(dotX / side - 0.5, 0), Double(columns - 1))
    let y = min(max(dotY / side - 0.5, 0), Double(rows - 1))
    let (i, j) = (Int(saturating: x), Int(saturating: y))
    let (i1, j1) = (min(i + 1, columns - 1), min(j + 1, rows - 1))
    let (fx, fy) = (Float(x - Double(i)), Float(y - Double(j)))
    let upper = values[j * columns + i] * (1 - fx) + values[j * columns + i1] * fx
    let lower = values[j1 * columns + i] * (1 - fx) + values[j1 * columns + i1] * fx
    return upper * (1 - fy) + lower * fy
  }
}

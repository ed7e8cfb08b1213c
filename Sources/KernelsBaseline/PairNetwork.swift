/// The pairs of four particles, (0,1) (0,2) (0,3) (1,2) (1,3) (2,3): pair e has no particle in common with
/// pair 5 − e, and one with each of the other four.
let pairCount = 6

/// The particles of every pair.
@inline(__always)
func particles(of pair: Int) -> (Int, Int) {
  switch pair {
  case 0: (0, 1)
  case 1: (0, 2)
  case 2: (0, 3)
  case 3: (1, 2)
  case 4: (1, 3)
  default: (2, 3)
  }
}

/// A network that answers a number for each pair of four particles, the same for all pairs: dense layers,
/// between which, where it has messages, a pair hears of the others. A hidden layer but the first then reads
/// a pair's own units, half the sum of those of the four pairs that share a particle with it, and those of
/// the pair that shares none: all that is linear and the same under every permutation of the particles.
struct PairNetwork {
  let network: Network
  let hasMessages: Bool

  /// Whether a layer reads messages beside a pair's own units.
  @inline(__always)
  func mixes(_ layer: Int) -> Bool { hasMessages && layer > 0 && layer + 1 < network.layers }

  /// The rows that a layer reads.
  @inline(__always)
  func inputs(_ layer: Int) -> Int { network.widths[layer] * (mixes(layer) ? 3 : 1) }

  /// The number of weights and biases of a layer.
  @inline(__always)
  func size(_ layer: Int) -> Int { (inputs(layer) + 1) * network.widths[layer + 1] }

  /// The most rows that a panel ever has.
  var maximumRows: Int {
    var rows = 1
    for layer in 0..<network.layers { rows = max(rows, inputs(layer)) }
    return rows
  }

  /// The number of all weights and biases.
  var parameters: Int {
    var sum = 0
    for layer in 0..<network.layers { sum += size(layer) }
    return sum
  }

  /// Writes what a mixing layer reads: `width` rows of every pair become three times as many. Panel
  /// (block · 6 + pair) · `group` + tangent belongs to a pair and, behind its value, a tangent.
  func mix(
    _ source: UnsafePointer<Vector>, _ target: UnsafeMutablePointer<Vector>, width: Int,
    blocks: Int, group: Int
  ) {
    let (from, to) = (width * rowVectors, 3 * width * rowVectors)
    for block in 0..<blocks {
      for tangent in 0..<group {
        let first = block * pairCount * group + tangent
        let (given, mixed) = (source + first * from, target + first * to)
        for k in 0..<from {
          var total = given[k]
          for pair in 1..<pairCount { total += given[pair * group * from + k] }
          for pair in 0..<pairCount {
            let own = given[pair * group * from + k]
            let other = given[(pairCount - 1 - pair) * group * from + k]
            let place = mixed + pair * group * to + k
            place[0] = own
            place[from] = constant(0.5) * (total - own - other)
            place[2 * from] = other
          }
        }
      }
    }
  }

  /// Takes ∂L by what a mixing layer reads back to ∂L/∂z of the units that it was mixed of, in the place of
  /// their derivatives.
  func unmix(
    _ mixed: UnsafePointer<Vector>, derivatives: UnsafeMutablePointer<Vector>, width: Int,
    blocks: Int
  ) {
    let (from, to) = (width * rowVectors, 3 * width * rowVectors)
    for block in 0..<blocks {
      let given = mixed + block * pairCount * to
      let target = derivatives + block * pairCount * from
      for k in 0..<from {
        var total = constant(0)
        for pair in 0..<pairCount { total += given[pair * to + from + k] }
        for pair in 0..<pairCount {
          let other = pairCount - 1 - pair
          let shared =
            total - given[pair * to + from + k] - given[other * to + from + k]
          let sum = given[pair * to + k] + given[other * to + 2 * from + k]
          target[pair * from + k] *= multiplyAdd(constant(0.5), shared, sum)
        }
      }
    }
  }
}

/// The features of the pairs of molecules and, where asked for, how each pair's change with its distance:
/// feature f of pair e of molecule j is values[(f · 6 + e) · count + j].
struct PairFeatures {
  let values: UnsafePointer<Double>
  let slopes: UnsafePointer<Double>?
  let count: Int

  /// Writes the panels of `blocks` blocks of 32 molecules from `first` on, 0 beyond the last; with slopes
  /// six tangents behind every pair's value, of which its own alone is not 0.
  func load(
    first: Int, length: Int, rows: Int, blocks: Int, _ panels: UnsafeMutablePointer<Float>
  ) {
    let group = slopes == nil ? 1 : 1 + pairCount
    var panel = panels
    for block in 0..<blocks {
      let start = first + block * panelWidth
      let width = min(panelWidth, first + length - start)
      for pair in 0..<pairCount {
        fill(panel, values, pair, start, width, rows)
        if let slopes {
          for tangent in 0..<pairCount {
            let place = panel + (1 + tangent) * rows * panelWidth
            if tangent == pair {
              fill(place, slopes, pair, start, width, rows)
            } else {
              place.update(repeating: 0, count: rows * panelWidth)
            }
          }
        }
        panel += group * rows * panelWidth
      }
    }
  }

  private func fill(
    _ panel: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Double>, _ pair: Int,
    _ start: Int, _ width: Int, _ rows: Int
  ) {
    for row in 0..<rows {
      let given = source + (row * pairCount + pair) * count + start
      let place = panel + row * panelWidth
      for j in 0..<width { place[j] = Float(given[j]) }
      for j in width..<panelWidth { place[j] = 0 }
    }
  }
}

/// Writes what a network answers of every pair, 6×n, and, where the features have slopes, how each answer
/// changes with each distance: `changes` is 36×n, the row 6e + f how that of pair e does with distance f.
///
/// A block of 32 molecules at a time; `scratch` holds two buffers of its panels with their tangents at the
/// most rows, and eight rows.
func forwardPairs(
  _ pairs: PairNetwork, _ features: PairFeatures, answers: UnsafeMutablePointer<Double>,
  changes: UnsafeMutablePointer<Double>?, _ scratch: UnsafeMutablePointer<Float>
) {
  let network = pairs.network
  let group = features.slopes == nil ? 1 : 1 + pairCount
  let panels = pairCount * group
  let half = panels * pairs.maximumRows * panelWidth
  var first = 0
  while first < features.count {
    let width = min(panelWidth, features.count - first)
    var (source, target) = (scratch, scratch + half)
    features.load(first: first, length: width, rows: pairs.inputs(0), blocks: 1, source)
    var weights = network.weights
    for layer in 0..<network.layers {
      if pairs.mixes(layer) {
        pairs.mix(
          vectors(source), vectors(target), width: network.widths[layer], blocks: 1, group: group)
        swap(&source, &target)
      }
      let (inputs, outputs) = (pairs.inputs(layer), network.widths[layer + 1])
      propagate(
        MatrixView(values: weights, rowStride: inputs, columnStride: 1),
        bias: weights + inputs * outputs, rows: outputs, depth: inputs, vectors(source),
        vectors(target), panels: pairCount, group: group,
        activation: layer + 1 < network.layers ? network.activation : nil,
        derivatives: vectors(scratch + 2 * half))
      swap(&source, &target)
      weights += pairs.size(layer)
    }
    for pair in 0..<pairCount {
      let row = source + pair * group * panelWidth
      let answer = answers + pair * features.count + first
      for j in 0..<width { answer[j] = Double(row[j]) }
      if let changes {
        for other in 0..<pairCount {
          let change = changes + (pair * pairCount + other) * features.count + first
          for j in 0..<width { change[j] = Double(row[(1 + other) * panelWidth + j]) }
        }
      }
    }
    first += width
  }
}

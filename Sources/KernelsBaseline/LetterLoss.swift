import CKernels

/// Adds scale · ∂L/∂weights of the sequences of `range` to `gradient`, at most `panels` panels at a time,
/// and writes what their losses are made of.
///
/// `first` is the turned first layer, `turned` what `transpose` makes of the weights or nil, `gathered`
/// a turned first layer's room. `scratch` holds the tape, a wide layer's turned inputs (`panels`·32 + 8
/// rows), two squares of a panel and eight rows.
func letterGradient(
  _ network: Network, first turnedFirst: UnsafeMutablePointer<Float>,
  turned: UnsafePointer<Float>?, _ x: letters_t, _ range: Range<Int>, _ loss: letter_loss_t,
  _ gradient: UnsafeMutablePointer<Float>, gathered: UnsafeMutablePointer<Float>, panels: Int,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let layer = FirstLayer(network)
  for k in 0..<layer.size { gathered[k] = 0 }
  let room =
    GradientTape(network: network, panels: panels, memory: scratch).behind
    + (panels * panelWidth + 8) * panelWidth
  let lanes = room + 2 * panelWidth * panelWidth
  let rows = network.outputs
  var begin = range.lowerBound
  while begin < range.upperBound {
    let length = min(panels * panelWidth, range.upperBound - begin)
    let used = (length + panelWidth - 1) / panelWidth
    let tape = GradientTape(network: network, panels: used, memory: scratch)
    func width(_ panel: Int) -> Int { min(panelWidth, length - panel * panelWidth) }
    for panel in 0..<used {
      layer.gather(
        x, first: begin + panel * panelWidth, width: width(panel), turnedFirst,
        tape.inputs(of: 1) + panel * layer.outputs * panelWidth, room: room)
    }
    Activate(
      code: network.activation, values: vectors(tape.inputs(of: 1)),
      derivatives: vectors(tape.cotangents(of: 1))
    ).finish(offset: 0, count: used * layer.outputs * rowVectors)
    recordLayers(tape, from: 1)
    let output = tape.cotangents(of: network.layers)
    for panel in 0..<used {
      for i in 0..<x.positions {
        pullBack(
          output + (panel * rows + i * loss.letters) * panelWidth, position: i, x, loss,
          first: begin + panel * panelWidth, width: width(panel), lanes)
      }
    }
    reverseLayers(tape, turned: turned, gradient, downTo: 1)
    for panel in 0..<used {
      layer.scatter(
        tape.cotangents(of: 1) + panel * layer.outputs * panelWidth, x,
        first: begin + panel * panelWidth, width: width(panel), gathered, room: room)
    }
    begin += length
  }
  layer.add(gathered, to: gradient)
}

/// Replaces the logits z of a position, a row for each letter, by scale · ∂L/∂z, 0 where there is no
/// loss; p ∝ e^z·(evidence where the letter stands).
///
/// The terms of a letter are ln p(x₁) + ln Σ, Σ and p(x), where Σ is Σe^(z − max z).
private func pullBack(
  _ rows: UnsafeMutablePointer<Float>, position: Int, _ x: letters_t, _ loss: letter_loss_t,
  first: Int, width: Int, _ lanes: UnsafeMutablePointer<Float>
) {
  let count = loss.letters
  let place = position * x.count + first
  let (own, targets) = (x.values + place, loss.targets + place)
  let terms = loss.terms + place
  let plane = x.positions * x.count
  if let evidence = loss.evidence {
    for j in 0..<width where Int(own[j]) < count {
      rows[Int(own[j]) * panelWidth + j] += evidence[first + j]
    }
  }
  for j in 0..<width { terms[j] = rows[Int(targets[j]) * panelWidth + j] }
  let (largest, sums, factors) = (lanes, lanes + panelWidth, lanes + 2 * panelWidth)
  exponentiate(vectors(rows), count, vectors(largest), vectors(sums))
  let (weights, ownTerms) = (lanes + 3 * panelWidth, lanes + 4 * panelWidth)
  for j in 0..<panelWidth {
    weights[j] = 0
    ownTerms[j] = 0
    factors[j] = 0
    guard j < width else { continue }
    let isOpen = Int(own[j]) >= count
    terms[j] -= largest[j]
    terms[plane + j] = sums[j]
    terms[2 * plane + j] = isOpen ? 0 : rows[Int(own[j]) * panelWidth + j] / sums[j]
    // From masks a letter that is set is known.
    if !isOpen && loss.evidence == nil { continue }
    if let rates = loss.rates {
      weights[j] = own[j] == targets[j] ? 0 : loss.scale * rates[first + j]
      ownTerms[j] = loss.scale * rates[first + j] * terms[2 * plane + j]
    } else {
      weights[j] = loss.scale
    }
    factors[j] = (weights[j] + ownTerms[j]) / sums[j]
  }
  // d(−ln p₁)/dz = p − e₁ and d(−p_x)/dz = p_x(p − e_x).
  let (values, factor) = (vectors(rows), vectors(factors))
  for k in 0..<rowVectors {
    let scale = factor[k]
    for row in 0..<count { values[row * rowVectors + k] *= scale }
  }
  for j in 0..<width {
    rows[Int(targets[j]) * panelWidth + j] -= weights[j]
    if Int(own[j]) < count { rows[Int(own[j]) * panelWidth + j] -= ownTerms[j] }
  }
}

/// z ← e^(z − max z) over the rows of a panel; writes the greatest and the sum.
@inline(never)
private func exponentiate(
  _ rows: UnsafeMutablePointer<Vector>, _ count: Int, _ largest: UnsafeMutablePointer<Vector>,
  _ sums: UnsafeMutablePointer<Vector>
) {
  for k in 0..<rowVectors {
    var greatest = rows[k]
    for row in 1..<count {
      let value = rows[row * rowVectors + k]
      greatest = select(value .> greatest, value, greatest)
    }
    var sum = constant(0)
    for row in 0..<count {
      let value = exponential(rows[row * rowVectors + k] - greatest)
      rows[row * rowVectors + k] = value
      sum += value
    }
    largest[k] = greatest
    sums[k] = sum
  }
}

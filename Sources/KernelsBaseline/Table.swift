import CKernels

/// The hot loops of this module. Only raw pointers and integers cross its border: nothing generic
/// that the linker might share with code for another processor.
public func makeTable() -> KernelTable {
  var table = KernelTable()
  addNetworks(to: &table)
  addGradients(to: &table)
  addLetters(to: &table)
  addPairs(to: &table)
  addVectors(to: &table)
  addAssignments(to: &table)
  return table
}

/// What networks are at points.
private func addNetworks(to table: inout KernelTable) {
  table.forward = {
    widths, layers, activation, weights, points, times, stride, count, velocity, panels,
    scratch in
    forward(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: times!, timeStride: stride, count: count), velocity!,
      panels: panels, scratch!)
  }
  table.forward_tangents = {
    widths, layers, activation, weights, points, times, stride, count, probes, covectors, velocity,
    divergence, panels, scratch in
    forwardTangents(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: times!, timeStride: stride, count: count),
      Tangents(
        probes: probes, covectors: covectors ?? probes, velocity: velocity!,
        divergence: divergence!), panels: panels, scratch!)
  }
  table.forward_along = {
    widths, layers, activation, weights, points, times, stride, count, directions, velocity,
    change, panels, scratch in
    forwardTangents(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: times!, timeStride: stride, count: count),
      Tangents(directions: directions!, velocity: velocity!, change: change!), panels: panels,
      scratch!)
  }
  table.forward_in_double = {
    widths, layers, activation, weights, points, times, stride, count, probes, covectors, velocity,
    divergence, scratch in
    forwardInDouble(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: times!, timeStride: stride, count: count), probes: probes,
      covectors: covectors ?? probes, velocity: velocity!, divergence: divergence, scratch!)
  }
}

/// What goes back through them.
private func addGradients(to table: inout KernelTable) {
  table.squared_error_gradient = {
    widths, layers, activation, weights, turned, points, times, count, first, length, target,
    isTangent, scale, gradient, panels, scratch in
    squaredErrorGradient(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      turned: turned, Points(values: points!, times: times!, timeStride: 1, count: count),
      first..<first + length, target: target!, isTangent: isTangent != 0, scale: scale, gradient!,
      panels: panels, scratch!)
  }
  table.pull_back = {
    widths, layers, activation, weights, points, time, count, probes, velocityCotangents,
    divergenceCotangents, gradient, pointCotangents, panels, scratch in
    pullBack(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: time!, timeStride: 0, count: count),
      Cotangents(
        velocity: velocityCotangents!, divergence: divergenceCotangents, probes: probes,
        points: pointCotangents!), gradient!, panels: panels, scratch!)
  }
  table.jet = {
    widths, layers, activation, weights, points, times, stride, count, directions, order,
    cotangents, results, gradient, pointCotangents, panels, scratch in
    jet(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      Points(values: points!, times: times!, timeStride: stride, count: count),
      JetCall(
        directions: directions, order: order, cotangents: cotangents, results: results!,
        points: pointCotangents), gradient, panels: panels, scratch!)
  }
  table.transpose = { widths, layers, weights, turned in
    transpose(Network(widths: widths!, layers: layers, activation: 0, weights: weights!), turned!)
  }
}

/// Networks of letters, at points and back.
private func addLetters(to table: inout KernelTable) {
  table.turn_first_layer = { widths, layers, weights, turned in
    let network = Network(widths: widths!, layers: layers, activation: 0, weights: weights!)
    FirstLayer(network).turn(network.weights, turned!)
  }
  table.letter_logits = {
    widths, layers, activation, weights, letters, logits, panels, scratch in
    letterLogits(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      letters, logits!, panels: panels, scratch!)
  }
  table.letter_gradient = {
    widths, layers, activation, weights, first, turned, letters, start, length, loss, gradient,
    gathered, panels, scratch in
    letterGradient(
      Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
      first: first!, turned: turned, letters, start..<start + length, loss, gradient!,
      gathered: gathered!, panels: panels, scratch!)
  }
}

/// Networks of pairs of particles, at molecules and back.
private func addPairs(to table: inout KernelTable) {
  table.pair_answers = {
    widths, layers, activation, messages, weights, features, slopes, count, answers, changes,
    scratch in
    forwardPairs(
      PairNetwork(
        network: Network(
          widths: widths!, layers: layers, activation: activation, weights: weights!),
        hasMessages: messages != 0),
      PairFeatures(values: features!, slopes: slopes, count: count), answers: answers!,
      changes: changes, scratch!)
  }
  table.turn_pairs = { widths, layers, messages, weights, turned in
    transposePairs(
      PairNetwork(
        network: Network(widths: widths!, layers: layers, activation: 0, weights: weights!),
        hasMessages: messages != 0), turned!)
  }
  table.pair_gradient = {
    widths, layers, activation, messages, weights, turned, features, ways, count, first, length,
    target, scale, gradient, blocks, scratch in
    pairErrorGradient(
      PairNetwork(
        network: Network(
          widths: widths!, layers: layers, activation: activation, weights: weights!),
        hasMessages: messages != 0), turned: turned!,
      PairFeatures(values: features!, slopes: nil, count: count), ways: ways!,
      first..<first + length, target: target!, scale: scale, gradient!, blocks: blocks, scratch!)
  }
}

/// Long rows of numbers.
private func addVectors(to table: inout KernelTable) {
  table.add = { sum, terms, count in
    for i in 0..<count { sum![i] += terms![i] }
  }
  table.adam = {
    weights, gradient, first, second, count, keep, beta1, beta2, step, rootCorrection, epsilon in
    let isFinite = adam(
      weights!, gradient!, first!, second!, count: count, keep: keep, beta1: beta1,
      beta2: beta2, step: step, rootCorrection: rootCorrection, epsilon: epsilon)
    return isFinite ? 1 : 0
  }
  table.move_average = { average, weights, count, rate in
    moveAverage(average!, weights!, count: count, rate: rate)
  }
  table.normals = { values, count, seed in fillNormals(values!, count: count, seed: seed) }
  table.uniforms = { values, count, seed in fillUniforms(values!, count: count, seed: seed) }
  table.sphere_geodesics = { from, to, times, stride, count, points, velocities in
    sphereGeodesics(
      from: from!, to: to!, times: times!, timeStride: stride, count: count, points: points!,
      velocities: velocities!)
  }
  table.sphere_settle = { points, count in sphereSettle(points!, count: count) }
  table.sphere_places = { points, count, places in
    spherePlaces(points!, count: count, places!)
  }
  table.sphere_view = { points, count, axes, picture in
    sphereView(points!, count: count, axes: axes!, picture!)
  }
  table.sparse_sums = { bounds, neighbours, weights, counts, cells, scale, result in
    sparseSums(
      bounds: bounds!, neighbours: neighbours!, weights: weights!, counts: counts!, cells: cells,
      scale: scale, result!)
  }
  table.multiply_adds = { rounds, factor, term, sum in
    multiplyAdds(rounds: rounds, factor: factor, term: term, sum!)
  }
}

/// Pairing at least cost.
private func addAssignments(to table: inout KernelTable) {
  table.assignment = {
    dimension, count, from, to, columnOfRow, rowDuals, columnDuals, start, scratch in
    assign(
      dimension: dimension, count: count, from: from!, to: to!, columnOfRow: columnOfRow!,
      rowDuals: rowDuals!, columnDuals: columnDuals!, start: Int(start),
      scratch: scratch!)
  }
  table.assignment_scratch = { dimension, count in
    AssignmentSolver.scratchSize(dimension: dimension, count: count)
  }
  table.conjugate = { dimension, fromCount, from, duals, toCount, to, values in
    conjugate(dimension, fromCount, from!, duals!, toCount, to!, values!)
  }
}

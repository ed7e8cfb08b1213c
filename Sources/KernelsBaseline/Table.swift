import CKernels

/// The hot loops of this module. Only raw pointers and integers cross its border: nothing generic
/// that the linker might share with code for another processor.
public func makeTable() -> KernelTable {
  KernelTable(
    forward: {
      widths, layers, activation, weights, points, times, stride, count, velocity, panels,
      scratch in
      forward(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        Points(values: points!, times: times!, timeStride: stride, count: count), velocity!,
        panels: panels, scratch!)
    },
    forward_tangents: {
      widths, layers, activation, weights, points, times, stride, count, probes, velocity,
      divergence, panels, scratch in
      forwardTangents(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        Points(values: points!, times: times!, timeStride: stride, count: count),
        Tangents(probes: probes, velocity: velocity!, divergence: divergence!), panels: panels,
        scratch!)
    },
    forward_in_double: {
      widths, layers, activation, weights, points, times, stride, count, probes, velocity,
      divergence, scratch in
      forwardInDouble(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        Points(values: points!, times: times!, timeStride: stride, count: count), probes: probes,
        velocity: velocity!, divergence: divergence, scratch!)
    },
    squared_error_gradient: {
      widths, layers, activation, weights, turned, points, times, count, first, length, target,
      frame, scale, gradient, panels, scratch in
      squaredErrorGradient(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        turned: turned, Points(values: points!, times: times!, timeStride: 1, count: count),
        first..<first + length, target: target!, frame: frame, scale: scale, gradient!,
        panels: panels, scratch!)
    },
    pull_back: {
      widths, layers, activation, weights, points, time, count, probes, velocityCotangents,
      divergenceCotangents, gradient, pointCotangents, panels, scratch in
      pullBack(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        Points(values: points!, times: time!, timeStride: 0, count: count),
        Cotangents(
          velocity: velocityCotangents!, divergence: divergenceCotangents, probes: probes,
          points: pointCotangents!), gradient!, panels: panels, scratch!)
    },
    turn_first_layer: { widths, layers, weights, turned in
      let network = Network(widths: widths!, layers: layers, activation: 0, weights: weights!)
      FirstLayer(network).turn(network.weights, turned!)
    },
    letter_logits: { widths, layers, activation, weights, letters, logits, panels, scratch in
      letterLogits(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        letters, logits!, panels: panels, scratch!)
    },
    letter_gradient: {
      widths, layers, activation, weights, first, turned, letters, start, length, loss, gradient,
      gathered, panels, scratch in
      letterGradient(
        Network(widths: widths!, layers: layers, activation: activation, weights: weights!),
        first: first!, turned: turned, letters, start..<start + length, loss, gradient!,
        gathered: gathered!, panels: panels, scratch!)
    },
    transpose: { widths, layers, weights, turned in
      transpose(Network(widths: widths!, layers: layers, activation: 0, weights: weights!), turned!)
    },
    add: { sum, terms, count in
      for i in 0..<count { sum![i] += terms![i] }
    },
    adam: {
      weights, gradient, first, second, count, keep, beta1, beta2, step, rootCorrection, epsilon in
      let isFinite = adam(
        weights!, gradient!, first!, second!, count: count, keep: keep, beta1: beta1,
        beta2: beta2, step: step, rootCorrection: rootCorrection, epsilon: epsilon)
      return isFinite ? 1 : 0
    },
    move_average: { average, weights, count, rate in
      moveAverage(average!, weights!, count: count, rate: rate)
    },
    normals: { values, count, seed in fillNormals(values!, count: count, seed: seed) },
    uniforms: { values, count, seed in fillUniforms(values!, count: count, seed: seed) },
    assignment: {
      dimension, count, from, to, columnOfRow, rowDuals, columnDuals, start, scratch in
      assign(
        dimension: dimension, count: count, from: from!, to: to!, columnOfRow: columnOfRow!,
        rowDuals: rowDuals!, columnDuals: columnDuals!, start: Int(start),
        scratch: scratch!)
    },
    assignment_scratch: { dimension, count in
      AssignmentSolver.scratchSize(dimension: dimension, count: count)
    },
    conjugate: { dimension, fromCount, from, duals, toCount, to, values in
      conjugate(dimension, fromCount, from!, duals!, toCount, to!, values!)
    },
    multiply_adds: { rounds, factor, term, sum in
      multiplyAdds(rounds: rounds, factor: factor, term: term, sum!)
    })
}

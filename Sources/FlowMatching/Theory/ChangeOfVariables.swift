#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// The density along a trajectory falls as the flow spreads, in nats.
  static let changeOfVariables = TheoryCheck(
    11, "instantaneous change of variables", "log p₁(ψ(x)) = log p₀(x) − ∫∇·u dt", bound: 1e-5,
    fieldBound: 1e-3, coefficients: [1, -1]
  ) { setting, c in
    var random = setting.random.stream("change of variables")
    var exact = setting.exact
    let x = setting.points(16, at: 0, using: &random)
    let flow = Way(setting, x)
    // The density of a learned flow is what the way back says, or its layers in closed form.
    let start =
      setting.isExact
      ? exact.logDensity(x, at: .shared(0)) : StandardNormal(dimension: 2).logDensity(x)
    let end =
      setting.isExact
      ? exact.logDensity(flow.end, at: .shared(setting.flowEnd))
      : setting.learnedLogDensity(flow.end)
    return zip(zip(start, end), flow.divergence).map { densities, divergence in
      abs(densities.1 - (c[0] * densities.0 + c[1] * divergence))
    }.reduce(0, worse)
  }

  /// The divergence along a trajectory is the growth of a small volume, in nats.
  static let volumeChange = TheoryCheck(
    11, "growth of volumes", "log|det ∂ψ| = ∫∇·u dt", bound: 1e-5, rounding: 4e-9, fieldBound: 5e-3,
    coefficients: [1]
  ) { setting, c in
    var random = setting.random.stream("volume change")
    let x = setting.points(8, at: 0, using: &random)
    let divergence = Way(setting, x).divergence
    // Between two modes the flow tears neighbours apart: a small step. A field in Float32 has noise of
    // 1e-6, which it would blow up, so that each point has the best of a few; many layers bend more
    // than they have noise.
    let steps = setting.isExact ? [2e-5] : !setting.needsSolver ? [5e-3] : [0.02, 5e-3, 1.25e-3]
    let n = x.count
    var least = [Double](repeating: .infinity, count: n)
    for h in steps {
      let columns = (0..<2).map { i in
        CentralDifference.derivative(step: h) { shift in
          Way(setting, x.moved(i, by: shift)).end.values
        }
      }
      for j in 0..<n {
        let determinant = columns[0][j] * columns[1][n + j] - columns[1][j] * columns[0][n + j]
        least[j] = min(least[j], abs(log(abs(determinant)) - c[0] * divergence[j]))
      }
    }
    return least.reduce(0, worse)
  }
}

/// Where a flow carries points from t = 0, and ∫∇·u dt on the way.
private struct Way {
  let end: Batch
  let divergence: [Double]

  init(_ setting: TheorySetting, _ x: Batch) {
    let flow = DensityFlow(setting.precise)
    let state = DensityFlow.state(x, logDensity: [Double](repeating: 0, count: x.count))
    let last = setting.flow(flow, from: state, to: setting.flowEnd)
    end = flow.points(last)
    divergence = flow.logDensity(last).map { -$0 }
  }
}

extension TheorySetting {
  /// Where flows end: at 1 where the target is a mixture of few components, else at .7, before the
  /// edges of boxes become sharp and while few steps do.
  var flowEnd: Double { isExact && dataset.mixture == nil ? 0.7 : 1 }
}

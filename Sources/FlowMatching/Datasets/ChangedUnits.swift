#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Standardisation {
  /// A distribution of z = (x − mean)/deviation with an exact field; nil where none is known. The noise of
  /// spirals becomes round where deviations differ, unless it has to be exact.
  func changed(
    _ distribution: any Distribution, exactly isExact: Bool = false
  ) -> (any Distribution)? {
    let keepsNoise = !isExact || deviations.allSatisfy { abs($0 / deviations[0] - 1) < 1e-9 }
    switch distribution {
    case let cloud as PointCloud: return PointCloud(applied(to: cloud.points))
    case let mixture as GaussianMixture: return mixture.changed(to: self)
    case let curve as any CurveDistribution: return curve.quadrature.changed(to: self)
    case let spirals as TwoSpirals: return keepsNoise ? spirals.quadrature.changed(to: self) : nil
    case let board as Checkerboard: return board.boxes.changed(to: self)
    case let boxes as Boxes:
      return keepsNoise || boxes.noise == 0 ? boxes.changed(to: self) : nil
    default: return nil
    }
  }

  /// The same of classes, whose points are given where they have labels.
  fileprivate func changed(
    _ classes: LabelledDistribution, of points: Batch?
  ) -> LabelledDistribution {
    if let labels = classes.labels, let points, points.count == labels.count,
      let labelled = LabelledDistribution(points, labels: labels, names: classes.names)
    {
      return labelled
    }
    return LabelledDistribution(
      classes.names, weights: classes.weights,
      classes.parts.map { changed($0, exactly: true) ?? draws(of: $0) })
  }

  /// Draws of a distribution of which no more is known, in these units.
  fileprivate func draws(of distribution: any Distribution) -> PointCloud {
    var random = Random(seed: 0).stream("units")
    return PointCloud(applied(to: distribution.sample(count: 16_384, using: &random)))
  }
}

extension Dataset {
  /// The data in the units of z = (x − mean)/deviation, in which a network learned them: exactly where that is
  /// known, else 16 384 draws; its classes along with them. Nil of data that have no such units: in a curved
  /// space, of letters, or of another number of coordinates.
  public func changed(to units: Standardisation) -> Dataset? {
    guard space == nil, tokens == nil, units.means.count == dimension else { return nil }
    let known = units.changed(distribution, exactly: true)
    var result: Dataset
    if let mixture = known as? GaussianMixture, self.mixture != nil {
      // h(z) = h(x) − Σ log deviation.
      let logs = units.deviations.reduce(0) { $0 + log($1) }
      result = Dataset(
        name: name, title: title, summary: summary, mixture: mixture,
        entropyFloor: entropyFloor.map { $0 - logs })
    } else if let cloud = known as? PointCloud {
      result = Dataset(name: name, points: cloud.points)
    } else {
      result = Dataset(
        name: name, title: title, summary: summary,
        distribution: known ?? units.draws(of: distribution), entropyFloor: nil,
        centres: centres.map { units.applied(to: Batch(points: [$0])).point(0) })
    }
    result.units = units
    result.columns = columns
    if let classes {
      let cloud = (result.distribution as? PointCloud)?.points
      result = result.with(classes: units.changed(classes, of: cloud))
    }
    return result
  }
}

extension GaussianMixture {
  /// The mixture of z = (x − mean)/deviation.
  fileprivate func changed(to units: Standardisation) -> GaussianMixture {
    let d = dimension
    if hasAtoms { return GaussianMixture(atoms: units.applied(to: Batch(points: means))) }
    return GaussianMixture(
      weights: weights,
      means: means.map { mean in
        (0..<d).map { (mean[$0] - units.means[$0]) / units.deviations[$0] }
      },
      covariances: covariances.map { covariance in
        (0..<d * d).map {
          // The product first: both halves of the matrix then round alike.
          covariance[$0] / (units.deviations[$0 / d] * units.deviations[$0 % d])
        }
      })
  }
}

extension Boxes {
  /// The boxes of z = (x − mean)/deviation; noise as if both deviations were their mean.
  fileprivate func changed(to units: Standardisation) -> Boxes {
    func moved(_ corner: [Double]) -> [Double] {
      corner.indices.map { (corner[$0] - units.means[$0]) / units.deviations[$0] }
    }
    let mean = units.deviations.reduce(0, +) / Double(dimension)
    return Boxes(
      lows: lows.map(moved), highs: highs.map(moved), weights: weights, noise: noise / mean)
  }
}

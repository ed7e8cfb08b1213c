import FlowMatching

extension StateFigure {
  /// What the views and studies of single kinds of flow find.
  static let ofKinds: [StateFigure] =
    ofWords + ofPictures + ofHighDimensions + ofNoise + [
      StateFigure("effective share", tenths) { state in
        state.moleculeStudy?.reweighted.map { 100 * $0.effectiveShare }
      },
      // The greatest residual of a map over the usual one, where particles are.
      StateFigure("residual apart") { $0.currentResidual?.contrast },
    ]

  private static let ofWords: [StateFigure] =
    [
      StateFigure("real words in 1", percent) { $0.exactWords(1) },
      StateFigure("real words in 8", percent) { $0.exactWords(8) },
      StateFigure("real words in 128", percent) { $0.exactWords(128) },
      StateFigure("learned words in 64", percent) { state in
        state.wordPoint(64).map { 100 * $0.learned }
      },
    ]
    + (1...2).map { number in
      StateFigure(
        "real words of \(number)", percent,
        lane(number) { state, index in state.words(ofLane: index)?.realShare.map { 100 * $0 } })
    }

  private static let ofPictures: [StateFigure] = [
    StateFigure("right digits", percent) { state in
      state.pictureStudy?.figures.first { $0.weight == 1 }.map { 100 * $0.right }
    },
    // How far digits spread at that weight of guidance over how far without any.
    StateFigure("digits narrowed at 1") { $0.narrowing(at: 1) },
    StateFigure("digits narrowed at 2") { $0.narrowing(at: 2) },
    StateFigure("nearest learned digit", three) { $0.pictureStudy?.nearest },
    StateFigure("nearest of held-out", three) { $0.pictureStudy?.nearestOfHeldOut },
  ]

  private static let ofHighDimensions: [StateFigure] =
    [
      StateFigure("variance seen", percent) { state in
        state.seenAxes.map { 100 * ($0.x.share + $0.y.share) }
      }
    ]
    + ClusterStraightness.ofTwo.map { flow in
      StateFigure("NPE at \(flow.dimension)") { state in
        state.layout.rect(of: .dimensions) == nil ? nil : flow.npe
      }
    }

  private static let ofNoise: [StateFigure] = [
    // Of the ellipse that is longest: how many times as long as wide.
    StateFigure("longest ellipse") { $0.currentNoise?.ellipses.max { $0.long < $1.long }?.ratio },
    // The length of the longest over the usual one's.
    StateFigure("ellipses apart") { state in
      guard let lengths = state.currentNoise?.ellipses.map(\.long).sorted(), let most = lengths.last
      else { return nil }
      return most / lengths[lengths.count / 2]
    },
    // How far single targets lie from their mean, over how far their means lie from 0.
    StateFigure("scatter of targets") { state in
      guard let targets = state.currentNoise?.targets, !targets.isEmpty else { return nil }
      var (scatter, mean) = (0.0, 0.0)
      for place in targets {
        for draw in place.draws {
          let (x, y) = (draw.x - place.mean.x, draw.y - place.mean.y)
          scatter += (x * x + y * y) / Double(place.draws.count)
        }
        mean += place.mean.x * place.mean.x + place.mean.y * place.mean.y
      }
      return (scatter / mean).squareRoot()
    },
  ]
}

extension NoisePicture.Ellipse {
  /// The variances along its axes, the greater first.
  private var variances: (Double, Double) {
    let (middle, half) = (0.5 * (a + c), (0.25 * (a - c) * (a - c) + b * b).squareRoot())
    return (middle + half, max(0, middle - half))
  }
  /// Half its length.
  fileprivate var long: Double { variances.0.squareRoot() }
  fileprivate var ratio: Double { (variances.0 / variances.1).squareRoot() }
}

extension MapPicture {
  /// The greatest value where particles are, over the median there.
  fileprivate var contrast: Double? {
    let there = zip(values, presence).filter { $0.isFinite && $1 > 0 }.map(\.0).sorted()
    guard let most = there.last, there[there.count / 2] > 0 else { return nil }
    return Double(most / there[there.count / 2])
  }
}

extension AppState {
  fileprivate func narrowing(at weight: Double) -> Double? {
    guard let figures = pictureStudy?.figures, let none = figures.first(where: { $0.weight == 0 }),
      let guided = figures.first(where: { $0.weight == weight })
    else { return nil }
    return guided.spread / none.spread
  }

  /// What was counted of words in so many evaluations.
  fileprivate func wordPoint(_ evaluations: Int) -> WordStudy.Point? {
    probes.words.study.shown?.points.first { $0.evaluations == evaluations }
  }

  fileprivate func exactWords(_ evaluations: Int) -> Double? {
    wordPoint(evaluations).map { 100 * $0.exact }
  }
}

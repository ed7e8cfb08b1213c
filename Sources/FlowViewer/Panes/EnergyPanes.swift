import FlowMatching
import TerminalCanvas

/// The energies of a flow's molecules, as they are and by their weights, over those of independent draws.
struct EnergyPane: Pane {
  let theme: Theme
  private static let range = -27.0...3
  private static let bins = 60

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.moleculeStudy
    var labels: [Run] = []
    if rect.width >= 40 {
      labels = [
        theme.run("model", .series), theme.run("   reweighted", .good),
        theme.run("   truth", .floor),
      ]
    }
    let draws = MoleculeHistogram(
      study?.truth.energies ?? [], nil, in: EnergyPane.range, bins: EnergyPane.bins)
    let model = MoleculeHistogram(
      study?.model?.energies ?? [], nil, in: EnergyPane.range, bins: EnergyPane.bins)
    let repaired = MoleculeHistogram(
      study?.reweighted?.energies ?? [], study?.reweighted?.weights, in: EnergyPane.range,
      bins: EnergyPane.bins)
    let top = max(0.25, 1.15 * [draws, model, repaired].map(\.peak).reduce(0, max))
    MoleculeChart(theme: theme, title: "energy", pane: .energies).draw(
      draws, [(model, .series), (repaired, .good)], x: EnergyPane.range, top: top,
      heading: [], labels: labels, state, into: &screen, in: rect)
    let above = study?.model.map { sample in
      Double(sample.energies.count { $0 > 0 }) / Double(max(1, sample.energies.count))
    }
    if let above, above > 0.005, rect.width >= 44, rect.height >= 8 {
      let text = "above 0: \(NumberFormat.fixed(100 * above, 0)) % of the model"
      screen.write(
        [theme.run(text, .hint)], x: rect.maxX - 3 - text.count, y: rect.y + 2,
        clip: rect.inset(by: 1))
    }
  }
}

/// The six distances of every molecule, over those of independent draws.
struct PairDistancesPane: Pane {
  let theme: Theme
  private static let range = 1.0...8.5

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let study = state.moleculeStudy
    let draws = MoleculeHistogram(
      study?.truth.distances ?? [], nil, in: PairDistancesPane.range, bins: 60)
    let model = MoleculeHistogram(
      study?.model?.distances ?? [], nil, in: PairDistancesPane.range, bins: 60)
    let wells = DoubleWells.wells
    let labels =
      rect.width >= 44
      ? [
        theme.run("two wells ", .label), theme.run(NumberFormat.fixed(wells.near, 1), .value),
        theme.run("  ", .label), theme.run(NumberFormat.fixed(wells.far, 1), .value),
      ] : []
    MoleculeChart(theme: theme, title: "distances", pane: .pairDistances).draw(
      draws, [(model, .series)], x: PairDistancesPane.range,
      top: max(0.4, 1.15 * max(draws.peak, model.peak)),
      heading: rect.width >= 50 ? [theme.run("six a molecule", .label)] : [], labels: labels,
      state, into: &screen, in: rect)
  }
}

/// Shares of a range, as a density.
struct MoleculeHistogram {
  let densities: [Double]
  let range: ClosedRange<Double>

  /// Of values with weights, or even ones.
  init(_ values: [Double], _ weights: [Double]?, in range: ClosedRange<Double>, bins: Int) {
    self.range = range
    guard !values.isEmpty else {
      densities = []
      return
    }
    var sums = [Double](repeating: 0, count: bins)
    let width = (range.upperBound - range.lowerBound) / Double(bins)
    let even = 1 / Double(values.count)
    for (j, value) in values.enumerated() where range.contains(value) {
      let bin = min(bins - 1, Int((value - range.lowerBound) / width))
      sums[bin] += (weights?[j] ?? even) / width
    }
    // A thousand molecules scatter: neighbours share.
    densities = sums.indices.map { k in
      let (before, after) = (sums[max(0, k - 1)], sums[min(bins - 1, k + 1)])
      return 0.25 * before + 0.5 * sums[k] + 0.25 * after
    }
  }

  var peak: Double { densities.max() ?? 0 }

  var points: [ChartPoint] {
    let width = (range.upperBound - range.lowerBound) / Double(max(1, densities.count))
    return densities.enumerated().map {
      ChartPoint(x: range.lowerBound + (Double($0.offset) + 0.5) * width, y: $0.element)
    }
  }

  /// The density at a value, between the middles of bins.
  func density(at x: Double) -> Double {
    guard !densities.isEmpty else { return 0 }
    let width = (range.upperBound - range.lowerBound) / Double(densities.count)
    let place = min(Double(densities.count - 1), max(0, (x - range.lowerBound) / width - 0.5))
    let low = min(densities.count - 1, Int(place))
    let high = min(densities.count - 1, low + 1)
    return densities[low] + (place - Double(low)) * (densities[high] - densities[low])
  }
}

/// Histograms as lines over one as a chequered fill.
struct MoleculeChart {
  let theme: Theme
  let title: String
  let pane: PaneName

  func draw(
    _ fill: MoleculeHistogram, _ lines: [(histogram: MoleculeHistogram, role: Role)],
    x: ClosedRange<Double>, top: Double, heading: [Run], labels: [Run], _ state: AppState,
    into screen: inout Screen, in rect: Rect
  ) {
    var chart = Chart(
      series: lines.filter { !$0.histogram.densities.isEmpty }.map {
        ChartSeries($0.histogram.points, role: $0.role)
      }, xRange: x, yRange: 0...top)
    let plot = chart.plotRect(in: rect.inset(by: 1))
    chart.series.insert(
      ChartSeries(chequer(fill, chart, plot, top), kind: .dots, role: .floor), at: 0)
    chart.draw(
      into: &screen, in: rect,
      panel: Panel(
        title: title, heading: heading, labels: labels,
        isFocused: state.window.focusedPane == pane), theme: theme)
  }

  /// Every other dot below a histogram.
  private func chequer(
    _ fill: MoleculeHistogram, _ chart: Chart, _ plot: Rect, _ top: Double
  ) -> [ChartPoint] {
    guard !fill.densities.isEmpty, plot.width > 0, plot.height > 0 else { return [] }
    let (columns, rows) = (2 * plot.width, 4 * plot.height)
    var points: [ChartPoint] = []
    for column in 0..<columns {
      let share = Double(column) / Double(max(1, columns - 1))
      let x = chart.xRange.lowerBound + share * (chart.xRange.upperBound - chart.xRange.lowerBound)
      let height = fill.density(at: x)
      for row in 0..<rows where (column + row) % 2 == 0 {
        let y = (Double(row) + 0.5) / Double(rows) * top
        if y < height { points.append(ChartPoint(x: x, y: y)) }
      }
    }
    return points
  }
}

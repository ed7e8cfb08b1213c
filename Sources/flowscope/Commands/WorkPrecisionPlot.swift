import Foundation

/// Error against evaluations on logarithmic axes, a line for every solver, as SVG.
struct WorkPrecisionPlot {
  private let lanes: [Compare.Lane]
  private let size = (width: 640.0, height: 420.0)
  private let frame = (left: 70.0, right: 150.0, top: 34.0, bottom: 50.0)
  private let colors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444",
  ]

  /// A plot of the lanes whose error and work a logarithm can show.
  init(_ lanes: [Compare.Lane]) {
    self.lanes = lanes.filter { $0.nfe > 0 && WorkPrecisionPlot.error($0) != nil }
  }

  /// The error of a lane that has a logarithm.
  private static func error(_ lane: Compare.Lane) -> Double? {
    lane.endpointError.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  /// The document.
  var text: String {
    let work = range(lanes.map { log2(Double($0.nfe)) })
    let error = range(lanes.compactMap { WorkPrecisionPlot.error($0).map(log10) })
    func x(_ nfe: Double) -> Double {
      frame.left + (log2(nfe) - work.lowerBound) / (work.upperBound - work.lowerBound)
        * (size.width - frame.left - frame.right)
    }
    func y(_ value: Double) -> Double {
      frame.top + (error.upperBound - log10(value)) / (error.upperBound - error.lowerBound)
        * (size.height - frame.top - frame.bottom)
    }
    let right = size.width - frame.right
    let bottom = size.height - frame.bottom
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"420\" "
        + "viewBox=\"0 0 640 420\" font-family=\"sans-serif\" font-size=\"13\">",
      "<rect width=\"640\" height=\"420\" fill=\"#ffffff\"/>",
    ]
    for exponent in Int(saturating: work.lowerBound)...Int(saturating: work.upperBound) {
      let place = number(x(exp2(Double(exponent))))
      lines.append(rule(place, number(frame.top), place, number(bottom)))
      lines.append(label(place, number(bottom + 18), "middle", "\(1 << exponent)"))
    }
    for exponent in Int(saturating: error.lowerBound)...Int(saturating: error.upperBound) {
      let place = number(y(pow(10, Double(exponent))))
      lines.append(rule(number(frame.left), place, number(right), place))
      lines.append(
        label(
          number(frame.left - 8), number(y(pow(10, Double(exponent))) + 4), "end", "1e\(exponent)"))
    }
    lines.append(
      label(number((frame.left + right) / 2), number(size.height - 12), "middle", "evaluations"))
    lines.append(label("12", "18", "start", "endpoint error"))
    for (index, solver) in solvers.enumerated() {
      let color = colors[index % colors.count]
      let points = lanes.filter { $0.solver == solver }.compactMap { lane in
        WorkPrecisionPlot.error(lane).map { (number(x(Double(lane.nfe))), number(y($0))) }
      }
      let path = points.map { "\($0.0),\($0.1)" }.joined(separator: " ")
      lines.append(
        "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>")
      lines += points.map { "<circle cx=\"\($0.0)\" cy=\"\($0.1)\" r=\"3.5\" fill=\"\(color)\"/>" }
      let row = number(frame.top + 14 + 20 * Double(index))
      lines.append(
        "<rect x=\"\(number(right + 14))\" y=\"\(number(frame.top + 6 + 20 * Double(index)))\" width=\"14\" height=\"4\" fill=\"\(color)\"/>"
      )
      lines.append(label(number(right + 34), row, "start", solver))
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private var solvers: [String] {
    lanes.reduce(into: []) { if !$0.contains($1.solver) { $0.append($1.solver) } }
  }

  /// Whole numbers around the values, at least one apart.
  private func range(_ values: [Double]) -> ClosedRange<Double> {
    let low = (values.min() ?? 0).rounded(.down)
    return low...max((values.max() ?? 1).rounded(.up), low + 1)
  }

  private func rule(_ x1: String, _ y1: String, _ x2: String, _ y2: String) -> String {
    "<path d=\"M\(x1) \(y1)L\(x2) \(y2)\" stroke=\"#dddddd\" fill=\"none\"/>"
  }

  private func label(_ x: String, _ y: String, _ anchor: String, _ text: String) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" fill=\"#222222\">\(text)</text>"
  }

  private func number(_ value: Double) -> String { String(format: "%.2f", value) }
}

import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// What `doctor` prints: the tables with bars on a log axis, the residual over time, the verdict and the
/// command, and on a wide terminal the clouds of two readings at the right.
struct DoctorPage {
  private let examination: DoctorExamination
  private let theme: Theme
  private let depth: ColorDepth
  private let width: Int
  private let clouds: DoctorClouds?

  /// The width where the clouds begin, and that of the tables beside them.
  private static let wide = 140
  /// The widest table.
  private static let table = 118

  init(_ examination: DoctorExamination, _ report: ReportOptions) {
    self.examination = examination
    let columns = ProgressLine.outputWidth ?? 0
    let isTerminal = columns > 0
    width = isTerminal ? max(60, columns) : 110
    var depth = report.usesColor ? ColorDepth.indexed256 : .mono
    if report.usesColor,
      ["truecolor", "24bit"].contains(ProcessInfo.processInfo.environment["COLORTERM"] ?? "")
    {
      depth = .direct
    }
    self.depth = depth
    theme = Theme(depth: depth)
    clouds =
      isTerminal && columns >= DoctorPage.wide ? DoctorClouds(examination) : nil
  }

  /// Prints it.
  func show() throws {
    var pen = Pen(width: min(width, DoctorPage.table), theme: theme)
    drawHead(&pen)
    let top = pen.y
    drawHypotheses(&pen)
    drawActivations(&pen)
    drawTimes(&pen)
    drawFindings(&pen)
    drawVerdict(&pen)
    var screen = Screen(
      size: Size(
        columns: clouds == nil ? min(width, max(DoctorPage.table, 60)) : width, rows: pen.y))
    pen.draw(into: &screen)
    if let clouds {
      clouds.draw(
        into: &screen,
        in: Rect(
          x: DoctorPage.table + 2, y: top, width: width - DoctorPage.table - 4,
          height: pen.y - top), theme: theme)
    }
    try Output.file(
      "-", depth == .mono ? PlainText.text(of: screen) : ANSI.text(of: screen, depth: depth))
    // In one piece whatever the width is: it is copied.
    if let command = examination.command { try Output.data("    \(command)\n") }
  }

  private func drawHead(_ pen: inout Pen) {
    let stored = examination.stored
    let shape = stored.weights.shape
    let widths = ([shape.features] + shape.widths + [shape.outputs]).map(String.init)
      .joined(separator: " → ")
    let count = NumberFormat.grouped(stored.weights.values.count)
    pen.line([
      (Output.visible(examination.path), .title), ("   \(widths)", .value),
      ("   \(count) numbers" + (stored.foreign == nil ? ", a checkpoint of flowscope" : ""), .hint),
    ])
    let draws = NumberFormat.grouped(examination.diagnosis.table.draws)
    pen.line([
      ("asked against the exact field of ", .hint), (examination.dataset.name, .value),
      (" at ", .hint), (draws, .value),
      (" points; residual = E|v − u*|² ÷ E|u*|²", .hint),
    ])
    pen.skip()
  }

  /// The rows that are shown: every single slip, and the pairs that come near the best.
  private var shown: [DoctorTable.Row] {
    let rows = examination.diagnosis.table.rows
    return rows.enumerated().filter { index, row in
      index < 5 || row.hypothesis.slips.count <= 1
        || row.hypothesis.isSwapped
          && row.hypothesis.slips.count == 2
        || row.hypothesis.slips == examination.diagnosis.best.hypothesis.slips
    }.map(\.element)
  }

  private func drawHypotheses(_ pen: inout Pen) {
    pen.heading("1", "what does it predict?", "residual", "shorter is better")
    var isMotionless = false
    for row in shown {
      if !isMotionless, row.residual.mean > 1 {
        isMotionless = true
        pen.bar("no motion, v = 0", 1, kind: .floor)
      }
      let isBest = row.hypothesis.slips == examination.diagnosis.best.hypothesis.slips
      var words = row.hypothesis.words
      if let variant = row.hypothesis.variant, !words.contains("…") { words += " (\(variant))" }
      pen.bar(words, row.residual.mean, kind: isBest ? .best : .other)
    }
    if !isMotionless { pen.bar("no motion, v = 0", 1, kind: .floor) }
    pen.skip()
  }

  private func drawActivations(_ pen: inout Pen) {
    guard examination.activations.count > 1 else { return }
    pen.heading(
      "2", "which activation?", "", "the file does not say; read as the best fit above")
    for (index, entry) in examination.activations.enumerated() {
      pen.bar(entry.activation.title, entry.residual.mean, kind: index == 0 ? .best : .other)
    }
    pen.skip()
  }

  private func drawTimes(_ pen: inout Pen) {
    let number = examination.activations.count > 1 ? "3" : "2"
    pen.title(
      number, "where is it weak?",
      "residual of \(examination.diagnosis.best.hypothesis.words) over t")
    let values = examination.overTime.map(\.residual.mean)
    guard let most = values.max(), most.isFinite, most > 0, let worst = examination.worst else {
      return pen.skip()
    }
    pen.chart(examination.overTime.map { ($0.time, $0.residual.mean) }, most)
    pen.line([
      ("  worst at t = \(NumberFormat.fixed(worst.time, 2))", .label),
      (
        ", residual \(ResidualFigure.text(worst.residual.mean)) ± "
          + TableFigure.short(worst.residual.standardError), .hint
      ),
    ])
    pen.skip()
  }

  private func drawFindings(_ pen: inout Pen) {
    for (title, found) in [("the file", examination.ofFile), ("the data", examination.ofData)]
    where !found.isEmpty {
      pen.line([(title, .label)])
      for sentence in found { pen.paragraph("· " + sentence, .hint, indent: 2) }
    }
    if !(examination.ofFile + examination.ofData).isEmpty { pen.skip() }
  }

  private func drawVerdict(_ pen: inout Pen) {
    let diagnosis = examination.diagnosis
    pen.paragraph("● " + examination.findings.sentence, diagnosis.role, indent: 0)
    var figures =
      "  residual \(ResidualFigure.text(diagnosis.best.residual.mean)) ± "
      + TableFigure.short(diagnosis.best.residual.standardError)
    if let next = diagnosis.next, let margin = diagnosis.margin {
      figures +=
        ", the next other slip \(next.hypothesis.names.joined(separator: " + ")) "
        + ResidualFigure.text(next.residual.mean)
        + (margin.mean.isFinite ? ", margin \(ResidualFigure.text(max(0, margin.mean)))" : "")
    }
    pen.paragraph(figures, .label, indent: 2)
    if let advice = diagnosis.advice {
      pen.paragraph("  " + advice, .label, indent: 2)
    }
    guard examination.command != nil else { return }
    if case .undecided = diagnosis.verdict { return pen.line([("  to try it", .hint)]) }
    pen.line([("  to use it", .hint)])
  }
}

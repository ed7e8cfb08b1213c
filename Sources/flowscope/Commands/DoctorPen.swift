import FlowViewer
import Foundation
import TerminalCanvas

extension DoctorPage {
  /// Lines one below the other, first noted, then drawn on a screen that is as high as they are.
  struct Pen {
    /// What a bar is of.
    enum Kind { case best, floor, other }

    private enum Mark {
      case text(x: Int, y: Int, String, Style)
      case dots(Rect, DotGrid, Style)
    }

    let width: Int
    let theme: Theme
    private(set) var y = 0
    private var marks: [Mark] = []

    init(width: Int, theme: Theme) {
      self.width = width
      self.theme = theme
    }

    /// Where bars begin and how long the axis is: 5 decades, .01 to 1000.
    private var names: Int { min(44, max(24, width - 48)) }
    private var barStart: Int { 4 + names + 10 }
    private var barWidth: Int { max(11, min(37, width - barStart - 13)) }

    private mutating func put(_ x: Int, _ text: String, _ style: Style) {
      marks.append(.text(x: x, y: y, text, style))
    }

    mutating func skip() { y += 1 }

    mutating func line(_ parts: [(String, Role)]) {
      var x = 2
      for (text, role) in parts {
        let room = max(0, width - x)
        let shown = CellText.truncated(text, to: room)
        put(x, shown, theme.style(role))
        x += CellText.columns(shown)
      }
      y += 1
    }

    /// Words over as many lines as they need.
    mutating func paragraph(_ text: String, _ role: Role, indent: Int) {
      var row = ""
      for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        let longer = row.isEmpty ? String(word) : row + " " + word
        if CellText.columns(longer) > width - 4, !row.isEmpty {
          put(2, row, theme.style(role))
          y += 1
          row = String(repeating: " ", count: indent + 2) + word
        } else {
          row = longer
        }
      }
      put(2, row, theme.style(role))
      y += 1
    }

    mutating func title(_ number: String, _ title: String, _ hint: String) {
      put(2, number, theme.style(.accent))
      put(5, title, theme.style(.title))
      put(
        8 + title.count, CellText.truncated(hint, to: max(0, width - 8 - title.count)),
        theme.style(.hint))
      y += 1
    }

    /// A heading above bars, with the axis where there is none yet.
    mutating func heading(_ number: String, _ title: String, _ unit: String, _ hint: String) {
      put(2, number, theme.style(.accent))
      put(5, title, theme.style(.title))
      if unit.isEmpty {
        put(
          8 + title.count, CellText.truncated(hint, to: max(0, width - 8 - title.count)),
          theme.style(.hint))
      } else {
        put(barStart - 2 - unit.count, unit, theme.style(.hint))
        for (value, label) in [(0.01, ".01"), (1, "1"), (100, "100")] {
          put(barStart + place(value), label, theme.style(.axis))
        }
        if width >= barStart + barWidth + 2 + hint.count {
          put(barStart + barWidth + 2, hint, theme.style(.hint))
        }
      }
      y += 1
    }

    /// The cell of a residual on the axis.
    private func place(_ value: Double) -> Int {
      let share = ResidualFigure.place(value)
      return share > 1 ? barWidth : Int(saturating: (share * Double(barWidth - 1)).rounded())
    }

    mutating func bar(_ words: String, _ value: Double, kind: Kind) {
      let text: Role = kind == .best ? .title : kind == .floor ? .floor : value < 1 ? .value : .hint
      let line: Role =
        kind == .best ? .good : kind == .floor ? .floor : value < 1 ? .series : .raw
      if kind == .best { put(2, "▌", theme.style(.good)) }
      put(5, CellText.truncated(words, to: names - 1), theme.style(text))
      let figure = ResidualFigure.text(value)
      put(barStart - 2 - figure.count, figure, theme.style(text))
      let end = place(value)
      let one = place(1)
      for k in 0..<barWidth {
        let isBar = k <= min(end, barWidth - 1)
        let glyph = k == one ? "┿" : isBar ? "━" : "─"
        put(
          barStart + k, k == barWidth - 1 && end >= barWidth ? "▸" : glyph,
          theme.style(k == one ? .floor : isBar ? line : .grid))
      }
      if kind == .best, width >= barStart + barWidth + 12 {
        put(barStart + barWidth + 2, "◀ best fit", theme.style(.good))
      }
      y += 1
    }

    /// A curve of three rows over times from 0 to 1, from 0 to `most`.
    mutating func chart(_ values: [(Double, Double)], _ most: Double) {
      let (columns, rows) = (max(20, min(84, width - 16)), 4)
      var grid = DotGrid(columns: columns, rows: rows)
      func dot(_ entry: (Double, Double)) -> (x: Int, y: Int) {
        (
          Int(saturating: (entry.0 * Double(grid.width - 1)).rounded()),
          Int(saturating: ((1 - entry.1 / most) * Double(grid.height - 1)).rounded())
        )
      }
      for (a, b) in zip(values, values.dropFirst()) { grid.line(from: dot(a), to: dot(b)) }
      let top = ResidualFigure.text(most)
      put(max(2, 9 - top.count), top, theme.style(.axis))
      marks.append(
        .dots(Rect(x: 10, y: y, width: columns, height: rows), grid, theme.style(.series)))
      y += rows - 1
      put(8, "0", theme.style(.axis))
      y += 1
      for (share, label) in [(0.0, "0"), (0.5, "0.5"), (1, "1")] {
        put(
          10 + Int(share * Double(columns - 1)) - (share > 0 ? label.count / 2 : 0), label,
          theme.style(.axis))
      }
      y += 1
    }

    func draw(into screen: inout Screen) {
      for mark in marks {
        switch mark {
        case .text(let x, let y, let text, let style): screen.write(text, x: x, y: y, style: style)
        case .dots(let rect, let grid, let style):
          grid.draw(into: &screen, in: rect, style: style, glyphs: theme.glyphs)
        }
      }
    }
  }
}

import Testing

@testable import TerminalCanvas

@Suite("Numbers and ticks")
struct NumberTests {
  @Test(
    "fixed decimals round, carry and keep a real minus",
    arguments: [
      (1.958, 3, "1.958"), (-0.3, 2, "−0.30"), (0.9996, 3, "1.000"), (-0.0001, 2, "0.00"),
      (2.0, 0, "2"), (.nan, 3, "–"), (-.infinity, 1, "–"), (0.625, 3, "0.625"),
      (12345.678, 1, "12345.7"), (1e300, 2, "1.00e300"), (0.05, 2, "0.05"),
    ])
  func fixed(value: Double, decimals: Int, text: String) {
    #expect(NumberFormat.fixed(value, decimals) == text)
  }

  @Test(
    "errors keep three digits whatever their size",
    arguments: [
      (0.118, "0.118"), (0.0098, "0.00980"), (0.9999, "1.00"), (12.34, "12.3"), (1234, "1234"),
      (0.000_52, "5.20e-4"), (-0.5, "−0.500"), (0, "0.00"), (99.96, "100"), (1e-300, "1.00e-300"),
      (.infinity, "–"), (0.09995, "0.100"),
    ])
  func significant(value: Double, text: String) {
    #expect(NumberFormat.significant(value) == text)
  }

  @Test("parameters are written as one types them")
  func scientific() {
    #expect(NumberFormat.scientific(1e-3) == "1e-3")
    #expect(NumberFormat.scientific(2.5e-4) == "2.5e-4")
    #expect(NumberFormat.scientific(1e-9) == "1e-9")
    #expect(NumberFormat.scientific(0) == "0")
  }

  @Test("thousands are set apart by a blank")
  func grouped() {
    #expect(
      [0, 999, 1000, 12000, 1_234_567, -4321].map { NumberFormat.grouped($0) }
        == ["0", "999", "1 000", "12 000", "1 234 567", "−4 321"])
  }

  @Test("axes shorten thousands and drop zeros that say nothing")
  func axis() {
    #expect(
      [0, 0.25, 30, 300, 1000, 1500, 10000, 2e6, -2, 0.1, 1e-5].map { NumberFormat.axis($0) }
        == ["0", "0.25", "30", "300", "1k", "1.5k", "10k", "2M", "−2", "0.1", "1e-5"])
    #expect(NumberFormat.powerOfTen(-12) == "10⁻¹²")
  }

  @Test("linear ticks are multiples of 1, 2 or 5 without rounding noise")
  func linear() {
    #expect(
      Ticks.linear(0...1, about: 10).map(\.label)
        == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"])
    #expect(Ticks.linear(-2.7...2.7, about: 6).map(\.label) == ["−2", "−1", "0", "1", "2"])
    #expect(Ticks.linear(0...1, about: 10).map(\.value)[3] == 0.3)
    #expect(Ticks.linear(3...3, about: 4).isEmpty)
    for exponent in -12...12 {
      let scale = Elementary.tenTo(exponent)
      for count in 1...20 {
        let ticks = Ticks.linear(-0.13 * scale...1.7 * scale, about: count)
        #expect(ticks.count <= 2 * count + 1)
      }
    }
  }

  @Test("logarithmic ticks thin out: 1 2 5, then 1 3, then powers of ten")
  func log() {
    #expect(
      Ticks.log(30...12000, about: 7).map(\.label) == ["30", "100", "300", "1k", "3k", "10k"])
    #expect(Ticks.log(30...12000, about: 3).map(\.label) == ["100", "1k", "10k"])
    #expect(Ticks.log(1...10, about: 6).map(\.label) == ["1", "2", "5", "10"])
    #expect(
      Ticks.log(1e-6...1, about: 4).map(\.label) == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"])
    #expect(Ticks.log(0...1, about: 4).isEmpty)
    #expect(
      Ticks.powersOfTwo(4...300, about: 8).map(\.label)
        == ["4", "8", "16", "32", "64", "128", "256"])
  }

  @Test("y ticks of a chart fall on whole rows, evenly, and the limits hold all of the data")
  func rowAxis() {
    for rows in 1...40 {
      for (low, high) in [(1.82, 2.34), (0.0, 1.0), (-3e-7, 5e-7), (900, 123_456), (5, 5)] {
        check(low...high, rows: rows, logarithmic: false)
      }
      for (low, high) in [(0.1, 1.2), (0.005, 0.7), (1e-7, 1.0), (0.2, 0.21), (3, 4e9)] {
        check(low...high, rows: rows, logarithmic: true)
      }
    }
  }

  func check(_ range: ClosedRange<Double>, rows: Int, logarithmic: Bool) {
    let axis = RowAxis(range: range, rows: rows, logarithmic: logarithmic)
    #expect(axis.row(of: range.upperBound) > -0.001)
    #expect(axis.row(of: range.lowerBound) < Double(rows) + 0.001)
    let gaps = zip(axis.ticks, axis.ticks.dropFirst()).map { $1.row - $0.row }
    #expect(Set(gaps).count <= 1)
    #expect(axis.ticks.allSatisfy { $0.row >= 0 && $0.row < rows })
    if rows >= 4 { #expect(!axis.ticks.isEmpty, "\(range) on \(rows) rows") }
  }

  @Test("the charts of training get the ticks that one would choose by hand")
  func chosenTicks() {
    func labels(_ range: ClosedRange<Double>, _ rows: Int, _ log: Bool) -> [String] {
      RowAxis(range: range, rows: rows, logarithmic: log).ticks.map(\.label)
    }
    #expect(labels(1.82...2.34, 12, false) == ["2.3", "2.2", "2.1", "2.0", "1.9", "1.8"])
    #expect(labels(0.008...1.2, 7, true) == ["1", "0.1", "0.01"])
    #expect(labels(0.11...1.3, 7, true) == ["1.6", "0.4", "0.1"])
    #expect(labels(1e-6...2, 15, true).contains("10⁻²"))
    #expect(labels(0...3e-4, 12, false) == ["3e-4", "2e-4", "1e-4", "0"])
    #expect(labels(2.5e-4...6e-4, 25, false).allSatisfy { $0.count <= 5 })
  }
}

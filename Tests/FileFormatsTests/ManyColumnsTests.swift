import FileFormats
import Testing

@Suite("Points of many columns")
struct ManyColumnsTests {
  private static func columns(_ chosen: [String]? = nil, all: Bool = false) -> PointColumns {
    var columns = PointColumns(chosen)
    columns.chosenCounts = 1...PointColumns.most
    columns.takesAll = all
    return columns
  }

  private func csv(_ text: String, _ columns: PointColumns) throws -> (
    names: [String]?, values: [Double]
  ) {
    var reader = try CsvPoints(reading: MemorySource(Array(text.utf8)), columns: columns)
    let names = reader.names
    return (names, try reader.readAll(limit: 100))
  }

  private func npy(
    _ shape: String, _ values: [Double], _ columns: PointColumns, isFortran: Bool = false
  ) throws -> [Double] {
    let order = isFortran ? "True" : "False"
    let text = "{'descr': '<f8', 'fortran_order': \(order), 'shape': \(shape), }"
    let header = text + String(repeating: " ", count: 117 - text.utf8.count) + "\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
    var reader = try NpyPoints(
      reading: MemorySource(bytes + NpyHeader.data(values)), columns: columns)
    return try reader.readAll(limit: 100)
  }

  @Test("Every column is read where all are asked for, with its name, and one alone too")
  func all() throws {
    let table = try csv("a,b b,\"c,c\"\n1,2,3\n4,5,6\n", Self.columns(all: true))
    #expect(table.names == ["a", "b b", "c,c"] && table.values == [1, 2, 3, 4, 5, 6])
    #expect(try csv("1\n2\n", Self.columns(all: true)).values == [1, 2])
    #expect(try csv("1;2;3;4\n", Self.columns(all: true)).names == nil)
    #expect(try npy("(2, 3)", [1, 2, 3, 4, 5, 6], Self.columns(all: true)) == [1, 2, 3, 4, 5, 6])
  }

  @Test("Chosen columns come in the order in which they were chosen, of a table and of an array")
  func chosen() throws {
    let table = try csv("a,b,c,d\n1,2,3,4\n", Self.columns(["d", "1", "b"]))
    #expect(table.names == ["d", "a", "b"] && table.values == [4, 1, 2])
    #expect(try npy("(2, 3)", [1, 2, 3, 4, 5, 6], Self.columns(["3", "1"])) == [3, 1, 6, 4])
  }

  @Test(
    "By columns an array is read as by rows, whichever are chosen; one without columns is refused")
  func fortran() throws {
    let values: [Double] = [1, 5, 2, 6, 3, 7, 4, 8]
    for (chosen, expected) in [
      (["4", "1"], [4, 1, 8, 5]), (["2", "3"], [2, 3, 6, 7]),
      (["1", "2", "3"], [1, 2, 3, 5, 6, 7]),
    ] as [([String], [Double])] {
      #expect(try npy("(2, 4)", values, Self.columns(chosen), isFortran: true) == expected)
    }
    #expect(
      try npy("(2, 4)", values, Self.columns(all: true), isFortran: true) == [
        1, 2, 3, 4, 5, 6, 7, 8,
      ])
    for columns in [Self.columns(["1", "2"]), Self.columns(all: true), PointColumns()] {
      let failure = #expect(throws: FileFailure.self) { try npy("(5, 0)", [], columns) }
      #expect(failure?.description.contains("(5, 0)") == true)
    }
  }

  @Test("Where points have so many coordinates, more or fewer columns are refused where they end")
  func exactly() throws {
    var columns = Self.columns(all: true)
    columns.chosenCounts = 3...3
    for (text, words) in [
      ("1,2,3,4\n", "column 4: it has 4 columns"), ("1,2\n", "column 3: it has 2 columns"),
      ("1\n", "it has 1 column: points here have 3 coordinates"),
    ] {
      let failure = #expect(throws: FileFailure.self) { try csv(text, columns) }
      #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    }
  }

  @Test("Without a choice two columns are points as before, and more are refused with what to do")
  func unchosen() throws {
    #expect(try csv("1,2\n", Self.columns()).values == [1, 2])
    for columns in [Self.columns(), PointColumns()] {
      let failure = #expect(throws: FileFailure.self) { try csv("1,2,3\n", columns) }
      #expect(failure?.description.contains("choose two with --columns") == true)
      #expect(
        failure?.description.contains("--columns all") == (columns.chosenCounts != nil))
      #expect(throws: FileFailure.self) { try npy("(1, 3)", [1, 2, 3], columns) }
    }
    let wide = Array(repeating: "1", count: 65).joined(separator: ",") + "\n"
    for text in [wide, "a,b,a\n1,2,3\n", "1,2,3\n4,5\n"] {
      #expect(throws: FileFailure.self) { try csv(text, Self.columns(all: true)) }
    }
    for name in ["0", "4", "x", "-1"] {
      #expect(throws: FileFailure.self) {
        try npy("(1, 3)", [1, 2, 3], Self.columns([name, "1"]))
      }
    }
  }
}

import FileFormats
import Testing

@Suite("CSV files of other programs")
struct CsvReadingTests {
  private func csv(
    _ text: String, _ columns: (String, String)? = nil, limit: CoordinateLimit = .none
  ) throws -> [Double] {
    var reader = try CsvPoints(
      reading: MemorySource(Array(text.utf8)), columns: PointColumns(columns.map { [$0.0, $0.1] }),
      limit: limit)
    return try reader.readAll(limit: 1000)
  }

  private func complaint(
    _ text: String, _ columns: (String, String)? = nil, limit: CoordinateLimit = .none
  ) -> String {
    do { return "\(try csv(text, columns, limit: limit))" } catch { return "\(error)" }
  }

  @Test(
    "Columns that are not chosen are only counted: no name, one twice, one of other bytes",
    arguments: [
      ",x,y\n0,1,2\n", "\"\",\"x\",\"y\"\n\"1\",1,2\n", ",x,y,\n,1,2,\n", "a,x,y,a\n-,1,2,?\n",
      "1,200,x,y\nnan,,1,2\n", "x,y,\n1,2,\n",
    ])
  func unchosen(text: String) throws {
    #expect(try csv(text, ("x", "y")) == [1, 2])
  }

  @Test("Numbers choose columns by place whether they have names or not")
  func places() throws {
    #expect(try csv(",x,y\n0,1,2\n", ("2", "3")) == [1, 2])
    #expect(try csv(",x,y\n0,1,2\n", ("1", "3")) == [0, 2])
    #expect(try csv("a,1,2\nb,3,4\n", ("2", "3")) == [1, 2, 3, 4])
    #expect(complaint("x,x,y\n1,2,3\n", ("x", "y")).hasPrefix("line 1, column 2: the name"))
    // An array in pandas: the header is numbers, and would be a point.
    #expect(complaint(",0,1\n0,1.5,2.5\n", ("2", "3")).hasPrefix("line 1, column 1: pandas"))
    #expect(try csv("9,0,1\n0,1.5,2.5\n", ("2", "3")) == [0, 1, 1.5, 2.5])
  }

  @Test(
    "A table of R whose header does not count the names of rows is read by the names of its columns",
    arguments: [
      "\"x\" \"y\"\n\"1\" 0.5 -2\n\"2\" 1.5 3\n", "x y\n1 0.5 -2\n2 1.5 3\n",
      "\"x\",\"y\"\n\"17\",0.5,-2\n\"9\",1.5,3\n", "x\ty\nMazda RX4\t0.5\t-2\nFiat\t1.5\t3\n",
      "\"x\";\"y\"\r\n\"1\";0,5;-2\r\n\"2\";1,5;3\r\n",
      "\"x\" \"y\"\n\"Mazda RX4\" 0.5 -2\n\"a \"\"b\" 1.5 3\n",
    ])
  func rowNames(text: String) throws {
    #expect(try csv(text) == [0.5, -2, 1.5, 3])
    #expect(try csv(text, ("y", "x")) == [-2, 0.5, 3, 1.5])
    #expect(complaint(text, ("1", "2")).hasSuffix("choose columns by name"))
    let table = try CsvColumns(reading: MemorySource(Array(text.utf8)))
    #expect(table.rows == 2 && table.columns == 2 && table.names == ["x", "y"])
    #expect(table.hasRowNames)
    let note = try CsvPoints(reading: MemorySource(Array(text.utf8))).note
    #expect(note?.hasSuffix(", rows begin with their names") == true)
  }

  @Test(
    "A row with one field more than names is refused where that is no name of it",
    arguments: [
      ("x,y\n1,2,3\n4,5,6\n", "line 3, column 1: “4” is not the row's name"),
      ("x y\n2 3 4\n", "line 2, column 3: 3 columns where the first line has 2"),
      ("x,y\n,3,4\n", "line 2, column 3: 3 columns"), ("x,x\n1,3,4\n", "line 1, column 2"),
      ("1,2\n\"a\",3,4\n", "line 2, column 3"), ("x,y\n\"1\",2,3\n4,5\n", "line 3, column 3"),
      ("x,y\n\"1\",2,3\n\"2\",5,6,7\n", "line 3, column 4: 4 columns where the others have 3"),
      ("x,y\n1.5,2,3\n", "line 2, column 3"), ("x y z\n1 2 3 4\n", "line 1, column 3"),
      ("x,y\n\"1\",2,a\n", "line 2, column 3: “a” is no number"),
    ])
  func noRowNames(text: String, expected: String) {
    #expect(complaint(text).hasPrefix(expected), "\(complaint(text))")
  }

  @Test("A file says how it was read where that is no plain CSV, and in what it is wrong")
  func words() throws {
    func note(_ text: String) throws -> String? {
      try CsvPoints(reading: MemorySource(Array(text.utf8))).note
    }
    #expect(try note("1,2\n") == nil)
    #expect(try note("x;y\n0,5;1\n") == "fields separated by semicolons, decimal commas")
    #expect(try note("0.5;1\n") == "fields separated by semicolons")
    #expect(try note("1\t2\n") == "fields separated by tabs")
    #expect(try note("1 2\n") == "fields separated by blanks")
    #expect(
      complaint("1;2;3\n").hasSuffix(
        "it has 3 columns separated by semicolons: choose two with --columns"))
    #expect(complaint("1;2;3\n", ("1", "4")).contains("among its 3 separated by semicolons"))
    #expect(complaint("1\n2\n").contains("comma, semicolon, tab or blank"))
    #expect(
      complaint("1,5;2\n3.5;4\n").contains("decimal point, the numbers before have a decimal comma")
    )
  }

  @Test("A German file with two columns chosen learns no integer parts")
  func decimalCommas() throws {
    #expect(try csv("0,5;0,25\n1,5;-1,25\n", ("1", "2")) == [0.5, 0.25, 1.5, -1.25])
    #expect(complaint("0,5;0,25\n1,5;-1,25\n", ("1", "3")).contains("no column"))
    #expect(complaint("0,5\t0,25\n", ("1", "3")).contains("no column"))
    #expect(complaint("0,5 0,25\n", ("1", "3")).contains("no column"))
    #expect(try csv("\u{feff}x;y\r\n0,5;0,25\r\n") == [0.5, 0.25])
  }

  @Test(
    "The separator is the same whatever pieces the file comes in, and without a last line's end")
  func pieces() throws {
    for text in ["a;b\n1,5;2", "a\tb\n1,5\t2\n", "1,5 2\r\n"] {
      #expect(try csv(text) == [1.5, 2])
    }
  }

  @Test(
    "A number beyond what is done with it is refused where it stands",
    arguments: ["1e39", "1e20", "-1.1e18", "3.5e38"])
  func beyond(number: String) throws {
    #expect(complaint("x,y\n1,2\n3,\(number)\n", limit: .single).hasPrefix("line 3, column 2: "))
    #expect(complaint("x,y\n1,\(number)\n", limit: .single).contains("--standardise"))
    #expect(try csv("x,y\n1,\(number)\n", limit: .double) == [1, Double(number)!])
    #expect(complaint("1,\(number)\n1,1e151\n", limit: .double).contains("1e150"))
    #expect(complaint("1,1e18\n", limit: .single) == "[1.0, 1e+18]")
    let bytes = NpyHeader.encode(rows: 2, columns: 2) + NpyHeader.data([1, 2, Double(number)!, 4])
    var reader = try NpyPoints(reading: MemorySource(bytes), limit: .single)
    let failure = #expect(throws: FileFailure.self) { try reader.readAll(limit: 10) }
    #expect(failure?.description.hasPrefix("row 2, column 1, ") == true)
  }

  @Test("What is shown of a file is counted as it is read")
  func columns() throws {
    func columns(_ text: String) throws -> CsvColumns {
      try CsvColumns(reading: MemorySource(Array(text.utf8)))
    }
    #expect(try columns(",x,y\n0,1,2\n").names == ["", "x", "y"])
    #expect(try columns("a,1,2\nb,3,4\n").rows == 2)
    let german = try columns("x;y\n1,5;2\n")
    #expect(german.separator == .semicolon && german.columns == 2 && german.rows == 1)
  }
}

@Suite("Kinds of files")
struct FileKindTests {
  /// The first bytes of a zip archive whose first member has that name.
  private static func zip(_ name: String) -> [UInt8] {
    [0x50, 0x4b, 3, 4] + [UInt8](repeating: 0, count: 22) + [UInt8(name.utf8.count), 0, 0, 0]
      + Array(name.utf8) + [0x80, 2]
  }

  static let foreign: [(String, [UInt8])] = [
    ("npz", zip("x.npy")), ("PyTorch", zip("net/data.pkl")), ("PyTorch", zip("archive/version")),
    ("Excel", zip("[Content_Types].xml")), ("Excel", zip("_rels/.rels")),
    ("OpenDocument", zip("mimetype")), ("zip archive", zip("points.csv")),
    ("gzip", [0x1f, 0x8b, 8]),
    ("xz", [0xfd] + Array("7zXZ".utf8)), ("bzip2", Array("BZh9".utf8)),
    ("zstd", [0x28, 0xb5, 0x2f, 0xfd]), ("pickle", [0x80, 2, 0x8a]), ("pickle", [0x80, 4, 0x95]),
    ("HDF5", [0x89] + Array("HDF\r\n".utf8)), ("MATLAB", Array("MATLAB 5.0 MAT-file".utf8)),
    ("Parquet", Array("PAR1".utf8)), ("Excel", [0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
  ]

  @Test("What is no file of ours says what it is, for points and for networks", arguments: foreign)
  func advice(word: String, bytes: [UInt8]) throws {
    let kind = try #require(FileKind(bytes))
    #expect(kind.adviceForPoints?.contains(word) == true)
    let network = try #require(kind.adviceForNetworks)
    #expect(network.contains(word) || network.contains("spreadsheet"))
  }

  @Test("Points and networks are told apart, and text is no kind")
  func ours() {
    let npy = FileKind(NpyHeader.encode(rows: 1, columns: 2))
    #expect(npy != nil && npy?.adviceForPoints == nil && npy?.adviceForNetworks != nil)
    let network = FileKind(Safetensors.encode([], metadata: ["a": "b"]))
    #expect(network?.adviceForNetworks == nil && network?.adviceForPoints != nil)
    for text in ["", "1,2\n3,4\n", "x;y\n", "# a\n", "PK,x\n1,2\n"] {
      #expect(FileKind(Array(text.utf8)) == nil)
    }
  }
}

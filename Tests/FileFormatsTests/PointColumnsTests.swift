import FileFormats
import Testing

@Suite("Columns of points")
struct PointColumnsTests {
  /// Longitude and latitude, or three numbers.
  private static let sphere: PointColumns = {
    var columns = PointColumns()
    columns.counts = [2, 3]
    columns.known = [["longitude", "lon"], ["latitude", "lat"]]
    return columns
  }()

  private func csv(
    _ text: String, _ chosen: [String]? = nil
  ) throws -> (values: [Double], note: String?, dimension: Int) {
    var columns = Self.sphere
    columns.chosen = chosen
    var reader = try CsvPoints(reading: MemorySource(Array(text.utf8)), columns: columns)
    return (try reader.readAll(limit: 100), reader.note, reader.dimension)
  }

  @Test("Names tell longitude and latitude wherever they stand, and that is said")
  func named() throws {
    let swapped = try csv("Lat,LON\n1,2\n3,4\n")
    #expect(swapped.values == [2, 1, 4, 3] && swapped.note == "columns by their names, LON, Lat")
    let plain = try csv("lon,lat\n1,2\n")
    #expect(plain.values == [1, 2] && plain.note == nil)
    #expect(try csv("depth,lat,mag,lon\n9,1,8,2\n").values == [2, 1])
    #expect(try csv("depth,lat,lon\n9,1,2\n").values == [2, 1])
    let chosen = try csv("depth,lat,lon\n9,1,2\n", ["lat", "lon"])
    #expect(chosen.values == [2, 1] && chosen.note?.contains("lon, lat") == true)
    // A number is taken at its word.
    #expect(try csv("1,2\n", ["2", "1"]).values == [2, 1])
  }

  @Test("Two or three columns without such names are a point; more have to be chosen")
  func counts() throws {
    #expect(try csv("1,2\n").dimension == 2)
    let vectors = try csv("a,b,c\n1,2,3\n4,5,6\n")
    #expect(vectors.values == [1, 2, 3, 4, 5, 6] && vectors.dimension == 3)
    #expect(try csv("a,b,c,d\n1,2,3,4\n", ["d", "a", "b"]).values == [4, 1, 2])
    let failure = #expect(throws: FileFailure.self) { try csv("a,b,c,d\n1,2,3,4\n") }
    #expect(failure?.description.contains("choose two or three with --columns") == true)
    #expect(throws: FileFailure.self) { try csv("a,b,a\n1,2,3\n") }
    // Elsewhere names mean nothing.
    var plain = try CsvPoints(reading: MemorySource(Array("lat,lon\n1,2\n".utf8)))
    #expect(try plain.readAll(limit: 9) == [1, 2])
  }

  @Test("An array has one of the counts of columns, in both orders of indices")
  func arrays() throws {
    func header(_ order: String) -> [UInt8] {
      let text =
        "{'descr': '<f8', 'fortran_order': \(order), 'shape': (2, 3), }"
        .padding(to: 117) + "\n"
      return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8)
    }
    for (order, data) in [("False", [1.0, 2, 3, 4, 5, 6]), ("True", [1.0, 4, 2, 5, 3, 6])] {
      let bytes = header(order) + NpyHeader.data(data)
      var reader = try NpyPoints(reading: MemorySource(bytes), columns: Self.sphere)
      #expect(reader.dimension == 3)
      #expect(try reader.next(1) == [1, 2, 3])
      #expect(try reader.next(5) == [4, 5, 6])
      let failure = #expect(throws: FileFailure.self) {
        try NpyPoints(reading: MemorySource(bytes))
      }
      #expect(failure?.description.contains("(n, 2)") == true)
    }
  }
}

extension String {
  fileprivate func padding(to length: Int) -> String {
    self + String(repeating: " ", count: max(0, length - count))
  }
}

import FlowMatching
import Foundation
import Testing

@testable import FlowViewer
@testable import flowscope

@Suite("Files read on a thread of their own")
struct BackgroundReaderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "flowscope-reader-\(UUID().uuidString)").path

  private func outcome(
    _ request: FileRequest, beside experiment: Experiment = Experiment()
  ) -> FileAnswer? {
    let reader = BackgroundReader(request, beside: experiment)
    for _ in 0..<5000 {
      let answer = reader.answer
      guard case .reading = answer else { return answer }
      usleep(1000)
    }
    return nil
  }

  private func failure(
    _ request: FileRequest, beside experiment: Experiment = Experiment()
  ) -> String? {
    switch outcome(request, beside: experiment) {
    case .loaded(.failed(let reason)), .opened(.failed(let reason)): reason
    default: nil
    }
  }

  @Test("The points of a file come, named as it is")
  func points() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("x,y\n1,2\n3,4\n".utf8).write(to: URL(filePath: folder + "/a.csv"))
    guard case .loaded(.data(let data)) = outcome(.points(folder + "/a.csv")),
      let points = (data.distribution as? PointCloud)?.points
    else {
      Issue.record("not read")
      return
    }
    #expect(points.point(1) == [3, 4] && data.name == "a.csv" && data.columns == nil)
    try Data("height,age,mass\n1,2,3\n4,5,6\n7,8,9\n".utf8)
      .write(to: URL(filePath: folder + "/a.csv"))
    guard case .loaded(.data(let named)) = outcome(.points(folder + "/a.csv")),
      let wide = (named.distribution as? PointCloud)?.points
    else {
      Issue.record("three columns are not read")
      return
    }
    #expect(wide.point(2) == [7, 8, 9] && named.columns == ["height", "age", "mass"])
    try Data("x,y,kind\n1,2,a\n".utf8).write(to: URL(filePath: folder + "/a.csv"))
    guard case .loaded(.failed(let reason)) = outcome(.points(folder + "/a.csv")) else {
      Issue.record("a word was read as a number")
      return
    }
    #expect(reason.contains("line 2, column 3"))
  }

  @Test("A mixture of a file comes as --data has it, not onto a curved space")
  func mixture() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/world.json"
    let parts = [
      #"{"weight": 1, "mean": [2, 0], "deviation": 0.2}"#,
      #"{"weight": 3, "mean": [-1, 1], "deviation": 0.5}"#,
    ]
    try Data((#"{"mixture": ["# + parts.joined(separator: ", ") + "]}").utf8)
      .write(to: URL(filePath: path))
    guard case .loaded(.data(let data)) = outcome(.points(path)) else {
      Issue.record("not read")
      return
    }
    #expect(data.name == "world.json" && data.mixture?.means == [[2, 0], [-1, 1]])
    #expect(data.mixture?.weights == [0.25, 0.75])
    guard
      case .loaded(.failed(let reason)) = outcome(
        .points(path), beside: Experiment(on: Sphere()))
    else {
      Issue.record("a mixture came onto the sphere")
      return
    }
    #expect(reason.contains("lies in the plane"))
    try Data("{}".utf8).write(to: URL(filePath: path))
    guard case .loaded(.failed(let mistake)) = outcome(.points(path)) else {
      Issue.record("no mixture was read")
      return
    }
    #expect(mistake.contains("it is no mixture"))
  }

  @Test("On a curved space a file says its points as it does for --data, and its mistakes are told")
  func curved() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func points(_ text: String, _ space: any Space, _ notation: PointNotation? = nil) throws
      -> (Batch, PointNotation?)?
    {
      try Data(text.utf8).write(to: URL(filePath: folder + "/a.csv"))
      let answer = outcome(
        .points(folder + "/a.csv", notation), beside: Experiment(on: space))
      guard case .loaded(.data(let data)) = answer,
        let points = (data.distribution as? PointCloud)?.points
      else { return nil }
      return (points, data.notation)
    }
    let degrees = try #require(try points("lat,lon\n0,90\n90,0\n", Sphere()))
    #expect(degrees.1 == .degrees)
    #expect(zip(degrees.0.values, [0, 0, 1, 0, 0, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    let vectors = try #require(try points("1,0,0\n0,-1,0\n", Sphere()))
    #expect(vectors.1 == .vectors && vectors.0.point(1) == [0, -1, 0])
    let turns = try #require(try points("90,-180\n", Torus(), .angles(period: 360)))
    #expect(turns.1 == .angles(period: 360) && turns.0.point(0) == [.pi / 2, -.pi])
    #expect(try #require(try points("1,2\n", Torus())).0.point(0) == [1, 2])
    #expect(try points("5,100\n", Sphere()) == nil)
    #expect(
      failure(.points(folder + "/a.csv"), beside: Experiment(on: Sphere()))?
        .contains("look swapped") == true)
  }

  @Test("A pipe, a device and standard input are refused at once instead of waited for")
  func irregular() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    for request in [
      FileRequest.points(folder + "/pipe"), .network("/dev/null"), .points("/dev/zero"),
    ] {
      #expect(failure(request)?.contains("a pipe or a device") == true, "\(request)")
    }
    #expect(failure(.points("-"))?.contains("no file") == true)
  }
}

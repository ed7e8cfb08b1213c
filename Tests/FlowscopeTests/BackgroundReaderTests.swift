import FlowMatching
import Foundation
import Testing

@testable import FlowViewer
@testable import flowscope

@Suite("Files read on a thread of their own")
struct BackgroundReaderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "flowscope-reader-\(UUID().uuidString)").path

  private func outcome(_ request: FileRequest) -> FileAnswer? {
    let reader = BackgroundReader(request, beside: Experiment())
    for _ in 0..<5000 {
      let answer = reader.answer
      guard case .reading = answer else { return answer }
      usleep(1000)
    }
    return nil
  }

  private func failure(_ request: FileRequest) -> String? {
    switch outcome(request) {
    case .loaded(.failed(let reason)), .opened(.failed(let reason)): reason
    default: nil
    }
  }

  @Test("The points of a file come, named as it is")
  func points() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("x,y\n1,2\n3,4\n".utf8).write(to: URL(filePath: folder + "/a.csv"))
    guard case .loaded(.points(let points, let name)) = outcome(.points(folder + "/a.csv")) else {
      Issue.record("not read")
      return
    }
    #expect(points.point(1) == [3, 4] && name == "a.csv")
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

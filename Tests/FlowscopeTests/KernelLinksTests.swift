import Foundation
import Testing

@Suite("The loops of every instruction set are links to one source")
struct KernelLinksTests {
  private static let source = "KernelsBaseline"

  private func names(in target: String) throws -> Set<String> {
    let folder = SourceTree.root.appending(path: "Sources/" + target).path()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Set(names.filter { $0.hasSuffix(".swift") })
  }

  @Test("Each set links to every file of the source, and holds nothing else")
  func everySetIsComplete() throws {
    let all = try names(in: KernelLinksTests.source)
    #expect(all.count > 20)
    let sets = try SourceTree.directories(in: "Sources")
      .filter { $0.hasPrefix("Kernels") && $0 != "Kernels" && $0 != KernelLinksTests.source }
    #expect(Set(sets) == ["KernelsV3", "KernelsV4", "KernelsNEON"])
    for target in sets {
      let own = try names(in: target)
      #expect(own.isSuperset(of: all), "\(target) lacks \(all.subtracting(own))")
      #expect(own.isSubset(of: all), "\(target) has also \(own.subtracting(all))")
      for name in own {
        let path = SourceTree.root.appending(path: "Sources/\(target)/\(name)").path()
        let aim = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
        #expect(aim == "../\(KernelLinksTests.source)/\(name)", "\(target)/\(name) is no link")
      }
    }
  }
}

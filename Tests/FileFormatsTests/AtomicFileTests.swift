import FileFormats
import Foundation
import Testing

@Suite("Crash-safe saves")
struct AtomicFileTests {
  /// A directory of its own for a test, gone afterwards.
  private final class Folder {
    let path: String

    init() {
      path = NSTemporaryDirectory() + "flowscope-" + UUID().uuidString
      try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }

    func text(_ name: String) -> String? {
      try? String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func mode(_ name: String) -> Int? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
      return (attributes?[.posixPermissions] as? NSNumber)?.intValue
    }
  }

  @Test("A save replaces the whole file and leaves nothing beside it")
  func replaces() throws {
    let folder = Folder()
    try AtomicFile.save(Array("first, and longer".utf8), to: folder.path + "/a")
    try AtomicFile.save(Array("second".utf8), to: folder.path + "/a")
    #expect(folder.text("a") == "second")
    #expect(folder.names == ["a"])
  }

  @Test("What is not committed leaves the old file as it was, and no temporary")
  func abandoned() throws {
    let folder = Folder()
    try AtomicFile.save(Array("old".utf8), to: folder.path + "/a")
    do {
      let file = try AtomicFile(replacing: folder.path + "/a")
      try file.write(Array("half".utf8))
      #expect(folder.names.count == 2)
      #expect(folder.text("a") == "old")
    }
    #expect(folder.text("a") == "old")
    #expect(folder.names == ["a"])
  }

  @Test("A symbolic link stays one, and its file is replaced, even where there was none yet")
  func symbolicLinks() throws {
    let folder = Folder()
    for target in ["real", "new"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/link-" + target, withDestinationPath: target)
    }
    try AtomicFile.save(Array("old".utf8), to: folder.path + "/real")
    try AtomicFile.save(Array("by link".utf8), to: folder.path + "/link-real")
    try AtomicFile.save(Array("by link".utf8), to: folder.path + "/link-new")
    #expect(folder.text("real") == "by link")
    #expect(folder.text("new") == "by link")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link-real")
        == "real")
    #expect(folder.names == ["link-new", "link-real", "new", "real"])
  }

  @Test("A circle of links cannot be created, nor a directory or a file in none replaced")
  func impossible() throws {
    let folder = Folder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/circle", withDestinationPath: "circle")
    for path in ["/circle", "", "/no/such/folder/a"] {
      let failure = #expect(throws: FileFailure.self) {
        try AtomicFile.save([], to: folder.path + path)
      }
      guard case .cannotCreate = failure else {
        Issue.record("\(path): \(String(describing: failure))")
        continue
      }
    }
  }

  @Test("The mode of a file that is replaced stays", arguments: [0o600, 0o640, 0o444 | 0o200])
  func mode(mode: Int) throws {
    let folder = Folder()
    try AtomicFile.save(Array("old".utf8), to: folder.path + "/a")
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.path + "/a")
    try AtomicFile.save(Array("new".utf8), to: folder.path + "/a")
    #expect(folder.mode("a") == mode)
    #expect(folder.text("a") == "new")
  }

  @Test("A temporary that nobody writes any more is removed by the next save, one in use is not")
  func stale() throws {
    let folder = Folder()
    let stale = folder.path + "/.a.flowscope-123.tmp"
    try Data("half".utf8).write(to: URL(filePath: stale))
    try Data("other".utf8).write(to: URL(filePath: folder.path + "/.b.flowscope-123.tmp"))
    let inUse = try AtomicFile(replacing: folder.path + "/a")
    #expect(folder.names.count == 2)
    try AtomicFile.save(Array("new".utf8), to: folder.path + "/a")
    #expect(folder.names.count == 3)
    try inUse.write(Array("last".utf8))
    try inUse.commit()
    #expect(folder.names == [".b.flowscope-123.tmp", "a"])
    #expect(folder.text("a") == "last")
  }

  @Test("A name of 255 bytes can be saved to")
  func longName() throws {
    let folder = Folder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.save(Array("x".utf8), to: folder.path + "/" + name)
    #expect(folder.names == [name])
  }

  @Test(
    "A full device is an input-output error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() {
    #expect(throws: FileFailure.inputOutput("the disk is full")) {
      try AtomicFile.save(Array("x".utf8), to: "/dev/full")
    }
  }

  @Test("Bytes written before can be replaced until the file is committed")
  func overwrite() throws {
    let folder = Folder()
    let file = try AtomicFile(replacing: folder.path + "/a")
    try file.write(Array("0000 points".utf8))
    try file.overwrite(Array("0042".utf8), at: 0)
    try file.commit()
    #expect(folder.text("a") == "0042 points")
  }

  @Test("A rewritten file is another version, an untouched one is the same")
  func versions() throws {
    let folder = Folder()
    let path = folder.path + "/a"
    #expect(POSIXFile.version(of: path) == nil)
    try AtomicFile.save(Array("x".utf8), to: path)
    let first = POSIXFile.version(of: path)
    #expect(first != nil)
    #expect(POSIXFile.version(of: path) == first)
    try AtomicFile.save(Array("y".utf8), to: path)
    #expect(POSIXFile.version(of: path) != first)
  }

  @Test("A directory, a missing file and a name with a NUL are no input")
  func noInput() {
    for path in ["/", "/no/such/file", "a\u{0}b", ""] {
      let failure = #expect(throws: FileFailure.self) { try POSIXFile(reading: path) }
      guard case .noInput = failure else {
        Issue.record("\(path): \(String(describing: failure))")
        continue
      }
    }
  }

  @Test("A name that is too long is refused before anything is written")
  func tooLongName() {
    let folder = Folder()
    let name = folder.path + "/" + String(repeating: "x", count: 300)
    #expect(throws: FileFailure.cannotCreate("its name is too long")) {
      try AtomicFile.check(name)
    }
    #expect(folder.names.isEmpty)
  }

  @Test("One process at a time has the lock of a file; another is told what the first said")
  func lock() throws {
    let folder = Folder()
    do {
      let first = try RunLock(on: folder.path + "/a", holder: "process 1, since noon,")
      // Another description of the file is as good as another process.
      #expect(throws: FileFailure.cannotCreate("process 1, since noon, writes it")) {
        try RunLock(on: folder.path + "/a", holder: "process 2")
      }
      _ = try RunLock(on: folder.path + "/b", holder: "process 2")
      #expect(folder.names == [".a.flowscope-lock"])
      _ = first
    }
    #expect(folder.names.isEmpty)
    // What a killed process left is no lock.
    try AtomicFile.save(Array("process 9".utf8), to: folder.path + "/.a.flowscope-lock")
    _ = try RunLock(on: folder.path + "/a", holder: "process 3")
    #expect(folder.names.isEmpty)
  }

  @Test("Two names of one file are the same, there or not")
  func sameness() throws {
    let folder = Folder()
    let (a, link) = (folder.path + "/a", folder.path + "/link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "a")
    for _ in 0..<2 {
      #expect(AtomicFile.isSame(a, folder.path + "/./a"))
      #expect(AtomicFile.isSame(a, link))
      #expect(!AtomicFile.isSame(a, folder.path + "/b"))
      try AtomicFile.save([1], to: a)
    }
  }
}

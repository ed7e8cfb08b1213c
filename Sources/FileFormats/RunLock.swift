#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The right to write a file again and again, which one process at a time has.
///
/// The file itself is replaced at every save, so that the lock is on a file of its own beside it. It is
/// advisory, ends with the process however that ends, and says who holds it.
public final class RunLock {
  /// The file that is locked.
  public let path: String
  private let file: POSIXFile

  /// Takes the lock on what a path leads to; fails where another process has it, with what that process
  /// said of itself. `holder` is what this one says.
  public init(on path: String, holder: String) throws(FileFailure) {
    let target = try AtomicFile.destination(of: path)
    let (directory, name) = AtomicFile.split(target)
    var short = Substring(name)
    while short.utf8.count > 200 { short.removeLast() }
    self.path = "\(directory)/.\(short).flowscope-lock"
    for _ in 0..<100 {
      let opened = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard opened >= 0 else { throw .cannotCreate(POSIXFile.reason(errno)) }
      let file = POSIXFile(owning: opened)
      if flock(opened, LOCK_EX | LOCK_NB) != 0 {
        // A file system without locks cannot say no either.
        guard errno == EWOULDBLOCK else {
          self.file = file
          return
        }
        let said = try file.read(200).prefix { $0 != 0x0a }
        let words = FileFailure.printable(String(decoding: said, as: UTF8.self))
        throw .cannotCreate("\(words.isEmpty ? "another process" : words) writes it")
      }
      var status = stat()
      // Its last holder has just removed it: make another.
      guard fstat(opened, &status) == 0, status.st_nlink > 0 else { continue }
      _ = ftruncate(opened, 0)
      try file.write(Array((holder + "\n").utf8))
      self.file = file
      AtomicFile.note(self.path, isThere: true)
      return
    }
    throw .cannotCreate("its lock cannot be taken")
  }

  deinit {
    unlink(path)
    AtomicFile.note(path, isThere: false)
  }
}

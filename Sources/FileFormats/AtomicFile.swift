import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is replaced as a whole or not at all, whatever happens meanwhile.
///
/// What is written goes to a temporary beside the target; `commit` makes it durable (fsync), puts it
/// in the target's place (rename) and makes that durable (fsync of the directory). Until then, and
/// after any failure, the old file is untouched. Symbolic links stay links, the mode stays what it
/// was. Temporaries that a killed process left are removed when the next save begins; a lock tells
/// them from those that are being written. A target that is no regular file is written directly.
public final class AtomicFile {
  private let file: POSIXFile
  private let target: String
  private var temporary: String?

  /// Begins a save; fails where the target cannot be created or replaced.
  public init(replacing path: String) throws(FileFailure) {
    do { try POSIXFile.check(path) } catch { throw .cannotCreate(error.description) }
    target = try AtomicFile.destination(of: path)
    var status = stat()
    var mode: mode_t?
    if stat(target, &status) != 0 {
      // A name that is too long, a folder that is none: said now, not when everything is written.
      if errno != ENOENT { throw .cannotCreate(POSIXFile.reason(errno)) }
    } else {
      switch status.st_mode & S_IFMT {
      case S_IFREG: mode = status.st_mode & 0o7777
      case S_IFDIR: throw .cannotCreate("it is a directory")
      default:
        let opened = open(target, O_WRONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotCreate(POSIXFile.reason(errno)) }
        file = POSIXFile(owning: opened)
        return
      }
      // A rename would replace a file that one may not write.
      if access(target, W_OK) != 0 { throw .cannotCreate(POSIXFile.reason(errno)) }
    }
    AtomicFile.removeStale(for: target)
    (file, temporary) = try AtomicFile.create(beside: target, mode: mode)
    // As its owner cannot always be kept, nor is that a reason to save nothing.
    if mode != nil { _ = fchown(file.descriptor, status.st_uid, status.st_gid) }
    if let mode { _ = fchmod(file.descriptor, mode) }
  }

  deinit {
    guard let temporary else { return }
    unlink(temporary)
    AtomicFile.note(temporary, isThere: false)
  }

  /// Fails where a file could not be created or replaced, and leaves nothing.
  public static func check(_ path: String) throws(FileFailure) {
    // Opening a pipe would make its reader believe that it was all.
    if !POSIXFile.isSpecial(path) { _ = try AtomicFile(replacing: path) }
  }

  /// Writes a whole file at once.
  public static func save(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let file = try AtomicFile(replacing: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Appends bytes to what will be the file.
  public func write(_ bytes: [UInt8]) throws(FileFailure) { try file.write(bytes) }

  /// Replaces bytes that were written before, such as a header that needs the final count.
  public func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
    try file.write(bytes, at: offset)
  }

  /// Puts the new contents in the target's place; only then is the file saved.
  public func commit() throws(FileFailure) {
    guard let temporary else { return try file.finish() }
    guard fsync(file.descriptor) == 0 else { throw .inputOutput(POSIXFile.reason(errno)) }
    guard rename(temporary, target) == 0 else {
      throw .inputOutput(POSIXFile.reason(errno))
    }
    self.temporary = nil
    AtomicFile.note(temporary, isThere: false)
    let directory = open(AtomicFile.directory(of: target), O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      let result = fsync(directory)
      let number = errno
      close(directory)
      // File systems that cannot sync a directory say EINVAL; nothing more can be done there.
      if result != 0 && number != EINVAL { throw .inputOutput(POSIXFile.reason(number)) }
    }
    try file.finish()
  }

  /// Removes the temporaries beside a file whose writers are gone.
  public static func removeStale(for path: String) {
    guard let target = try? destination(of: path) else { return }
    let directory = directory(of: target)
    let prefix = temporaryPrefix(of: target)
    for name in POSIXFile.names(in: directory)
    where name.hasPrefix(prefix) && name.hasSuffix(temporarySuffix) {
      let stale = directory + "/" + name
      let opened = open(stale, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard opened >= 0 else { continue }
      // Whoever writes it holds the lock as long as it lives.
      if flock(opened, LOCK_EX | LOCK_NB) == 0 { unlink(stale) }
      close(opened)
    }
  }

  /// Hears of every file that is to be removed should the process end before it is done with it, and
  /// when it is.
  public static let onTemporary = Mutex<(@Sendable (_ path: String, _ isThere: Bool) -> Void)?>(nil)

  static func note(_ path: String, isThere: Bool) {
    onTemporary.withLock { $0 }?(path, isThere)
  }

  private static let temporarySuffix = ".tmp"

  private static func temporaryPrefix(of target: String) -> String {
    // Names of at most 255 bytes are safe everywhere; the rest of the temporary's takes 30.
    var name = Substring(target.split(separator: "/").last ?? "")
    while name.utf8.count > 200 { name.removeLast() }
    return ".\(name).flowscope-"
  }

  private static func create(
    beside target: String, mode: mode_t?
  ) throws(FileFailure) -> (POSIXFile, String) {
    for _ in 0..<100 {
      let mark = String(UInt64.random(in: 0...UInt64.max), radix: 36)
      let path =
        directory(of: target) + "/" + temporaryPrefix(of: target) + mark + temporarySuffix
      // Before it is there: a signal that comes between the two must find the name.
      note(path, isThere: true)
      // Nobody else may read on the way what only its owner may read in the end.
      let opened = open(
        path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode.map { $0 & 0o600 } ?? 0o666)
      let number = errno
      if opened < 0 { note(path, isThere: false) }
      if opened < 0 && number == EEXIST { continue }
      guard opened >= 0 else {
        let isFull = number == ENOSPC || number == EDQUOT || number == EIO
        throw isFull
          ? .inputOutput(POSIXFile.reason(number)) : .cannotCreate(POSIXFile.reason(number))
      }
      let file = POSIXFile(owning: opened)
      var status = stat()
      // Another start may have taken it for stale before it was locked.
      if flock(opened, LOCK_EX | LOCK_NB) == 0, fstat(opened, &status) == 0, status.st_nlink > 0 {
        return (file, path)
      }
      note(path, isThere: false)
    }
    throw .cannotCreate("no temporary file can be made beside it")
  }

  /// The path that the symbolic links of a path lead to, whether there is a file or not.
  ///
  /// A link in a folder where everybody may write is followed only where it is one's own or the
  /// folder's owner made it: another's could lead to any file of ours.
  public static func destination(of path: String) throws(FileFailure) -> String {
    var path = path
    for _ in 0..<40 {
      guard let link = POSIXFile.link(path) else { return path }
      var (folder, itself) = (stat(), stat())
      if stat(directory(of: path), &folder) == 0, lstat(path, &itself) == 0,
        folder.st_mode & S_ISVTX != 0, folder.st_mode & 0o022 != 0,
        itself.st_uid != geteuid(), itself.st_uid != folder.st_uid
      {
        throw .cannotCreate("it is another user's link in a folder that all may write to")
      }
      path = link.hasPrefix("/") ? link : directory(of: path) + "/" + link
    }
    throw .cannotCreate(POSIXFile.reason(ELOOP))
  }

  /// Whether two paths lead to one file, there or not.
  public static func isSame(_ a: String, _ b: String) -> Bool {
    guard let a = try? destination(of: a), let b = try? destination(of: b) else { return false }
    var (first, second) = (stat(), stat())
    if stat(a, &first) == 0, stat(b, &second) == 0 {
      return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }
    let (one, other) = (split(a), split(b))
    return one.name == other.name && stat(one.directory, &first) == 0
      && stat(other.directory, &second) == 0 && first.st_dev == second.st_dev
      && first.st_ino == second.st_ino
  }

  static func split(_ path: String) -> (directory: String, name: String) {
    (directory(of: path), path.split(separator: "/").last.map(String.init) ?? path)
  }

  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

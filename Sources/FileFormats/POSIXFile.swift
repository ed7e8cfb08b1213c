#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of the operating system; closed when nobody holds it any more.
public final class POSIXFile: ByteSource {
  /// What tells one version of a file from another without reading it.
  public struct Version: Sendable, Equatable {
    let device: UInt64
    let inode: UInt64
    /// The bytes that it holds; 0 for a pipe or a device.
    public let size: Int64
    /// When it was written last, since 1970.
    public let seconds: Int
    let nanoseconds: Int

    /// Whether it may be an earlier version with more at its end.
    public func isGrown(from earlier: Version) -> Bool {
      device == earlier.device && inode == earlier.inode && size >= earlier.size
    }
  }

  private(set) var descriptor: Int32
  private let isOwned: Bool
  /// The size of a regular file when it was opened; nil for pipes, devices, and files that have no
  /// size until they are read.
  public let length: Int?

  init(owning descriptor: Int32, length: Int? = nil) {
    self.descriptor = descriptor
    isOwned = true
    self.length = length
  }

  private init(standard descriptor: Int32) {
    self.descriptor = descriptor
    isOwned = false
    length = nil
  }

  deinit { if isOwned && descriptor >= 0 { close(descriptor) } }

  /// The process's standard input.
  public static var standardInput: POSIXFile { POSIXFile(standard: STDIN_FILENO) }

  /// The process's standard output.
  public static var standardOutput: POSIXFile { POSIXFile(standard: STDOUT_FILENO) }

  /// Opens a file for reading; a directory is no input.
  ///
  /// A pipe or a device is none either where `onlyRegular`: who reads settings, or a file that a person
  /// named in passing, must not wait for a writer that may never come.
  public init(reading path: String, onlyRegular: Bool = false) throws(FileFailure) {
    try POSIXFile.check(path)
    let opened = open(path, O_RDONLY | O_CLOEXEC | (onlyRegular ? O_NONBLOCK : 0))
    guard opened >= 0 else { throw .noInput(POSIXFile.reason(errno)) }
    descriptor = opened
    isOwned = true
    var status = stat()
    let hasStatus = fstat(opened, &status) == 0
    let kind = hasStatus ? status.st_mode & S_IFMT : 0
    length = kind == S_IFREG && status.st_size > 0 ? Int(status.st_size) : nil
    if kind == S_IFDIR { throw .noInput("it is a directory") }
    if onlyRegular && kind != S_IFREG {
      throw .noInput("it is a pipe or a device, and a file is needed here")
    }
  }

  /// Makes an empty file; false where that name is taken, whatever it stands for.
  public static func create(_ path: String) throws(FileFailure) -> Bool {
    do { try check(path) } catch { throw .cannotCreate(error.description) }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if descriptor >= 0 {
      close(descriptor)
      return true
    }
    let number = errno
    if number == EEXIST { return false }
    throw .cannotCreate(reason(number))
  }

  /// Opens a file to add to its end, or makes it; its length is nil where it is empty.
  ///
  /// A last line that was cut off by a crash is ended first.
  public init(appending path: String) throws(FileFailure) {
    do { try POSIXFile.check(path) } catch { throw .cannotCreate(error.description) }
    let path = try AtomicFile.destination(of: path)
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 && (errno == EACCES || errno == EINVAL) {
      descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)  // a device, or one without reading
    }
    isOwned = true
    guard descriptor >= 0 else {
      let number = errno
      length = nil
      throw .cannotCreate(POSIXFile.reason(number))
    }
    var status = stat()
    let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    length = isFile && status.st_size > 0 ? Int(status.st_size) : nil
    if let length {
      var last: UInt8 = 0x0a
      if pread(descriptor, &last, 1, off_t(length - 1)) == 1, last != 0x0a { try write([0x0a]) }
    }
  }

  /// Whether nobody else appends to it under a lock; from now on this process does, until it is closed.
  public func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

  /// Cuts the file off after so many bytes.
  public func truncate(to length: Int) throws(FileFailure) {
    guard ftruncate(descriptor, off_t(length)) == 0 else {
      throw .inputOutput(POSIXFile.reason(errno))
    }
  }

  public func read(_ count: Int) throws(FileFailure) -> [UInt8] {
    guard count > 0 else { return [] }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        #if canImport(Darwin)
          let got = Darwin.read(descriptor, buffer.baseAddress! + filled, count - filled)
        #elseif canImport(Musl)
          let got = Musl.read(descriptor, buffer.baseAddress! + filled, count - filled)
        #else
          let got = Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)
        #endif
        if got > 0 { filled += got }
        if got == 0 { return }
        if got < 0 && errno != EINTR {
          failure = errno
          return
        }
      }
    }
    if failure != 0 { throw .inputOutput(POSIXFile.reason(failure)) }
    return bytes
  }

  /// Writes all bytes, at the current position or at `offset`.
  public func write(_ bytes: [UInt8], at offset: Int? = nil) throws(FileFailure) {
    var failure: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let start = buffer.baseAddress! + done
        let left = buffer.count - done
        let written: Int
        if let offset {
          written = pwrite(descriptor, start, left, off_t(offset + done))
        } else {
          #if canImport(Darwin)
            written = Darwin.write(descriptor, start, left)
          #elseif canImport(Musl)
            written = Musl.write(descriptor, start, left)
          #else
            written = Glibc.write(descriptor, start, left)
          #endif
        }
        if written >= 0 {
          done += written
        } else if errno == EAGAIN {
          // A terminal or pipe that somebody has set not to wait.
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = poll(&waiting, 1, -1)
        } else if errno != EINTR {
          failure = errno
          return
        }
      }
    }
    if failure == EPIPE { throw .closedPipe }
    if failure != 0 { throw .inputOutput(POSIXFile.reason(failure)) }
  }

  /// Closes the file, if it is open, and says if what was written is not there after all.
  func finish() throws(FileFailure) {
    guard descriptor >= 0 else { return }
    let result = close(descriptor)
    descriptor = -1
    if result != 0 && errno != EINTR { throw .inputOutput(POSIXFile.reason(errno)) }
  }

  /// Whether a file of that name has contents that would be lost.
  public static func hasContents(_ path: String) -> Bool {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  }

  /// Whether it is a directory, or a link that leads to one.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether it is a symbolic link.
  public static func isLink(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Makes a directory, and those that it lies in, where they are missing.
  public static func makeDirectory(_ path: String) throws(FileFailure) {
    do { try check(path) } catch { throw .cannotCreate(error.description) }
    if isDirectory(path) { return }
    let parent = AtomicFile.split(path).directory
    if parent != path, !isDirectory(parent) { try makeDirectory(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw .cannotCreate(reason(errno))
    }
    if !isDirectory(path) { throw .cannotCreate("it is no directory") }
  }

  /// Whether it is a device, a pipe and the like.
  public static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// The version of the file of that name; nil where there is none.
  public static func version(of path: String) -> Version? {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Version(
      device: UInt64(truncatingIfNeeded: status.st_dev),
      inode: UInt64(truncatingIfNeeded: status.st_ino), size: Int64(status.st_size),
      seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
  }

  /// What a symbolic link says, or nil where the path is none.
  static func link(_ path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      readlink(path, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }

  /// The names in a directory; none where it cannot be read.
  public static func names(in directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }

  /// A name with a NUL would be cut there by the operating system.
  static func check(_ path: String) throws(FileFailure) {
    if path.isEmpty { throw .noInput("a file needs a name") }
    if path.utf8.contains(0) { throw .noInput("a name cannot hold a NUL character") }
  }

  /// What an error number means, in words that say what to do.
  static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: return "no such file or directory"
    case EACCES, EPERM: return "no permission"
    case EISDIR: return "it is a directory"
    case ENOTDIR: return "a part of its path is not a directory"
    case ENOSPC: return "the disk is full"
    case EDQUOT: return "the disk quota is used up"
    case EFBIG: return "the file-size limit is reached"
    case EROFS: return "the file system is read-only"
    case ENAMETOOLONG: return "its name is too long"
    case ELOOP: return "its symbolic links go in a circle"
    case EMFILE, ENFILE: return "too many files are open"
    case EIO: return "the device reports an error"
    default:
      return strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
  }
}

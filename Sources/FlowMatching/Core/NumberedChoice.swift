/// A family of choices that are written as a name, some with a number behind it: "ot",
/// "sinkhorn:0.5". Files and the command line use the same text.
public protocol NumberedChoice: Codable, Hashable, Sendable, CustomStringConvertible {
  /// What a member is, in words: "coupling", "loss".
  static var kind: String { get }
  /// Every member, those with a number with its default.
  static var all: [Self] { get }
  /// Members that are not listed, since another choice brings them, but stand in files.
  static var unlisted: [Self] { get }
  /// The name without the number.
  var name: String { get }
  /// The number, where the member has one.
  var number: Double? { get }
  /// The same member with another number; itself where it has none.
  func with(number: Double) -> Self
}

extension NumberedChoice {
  public static var unlisted: [Self] { [] }

  /// The name and the number: "sinkhorn:0.5".
  public var description: String {
    number.map { "\(name):\($0.shortText)" } ?? name
  }

  /// The member that is written so; without a number it has its default. Throws the nearest name.
  public static func named(_ text: String) throws(UnknownName) -> Self {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map(String.init) ?? ""
    let member = (all + unlisted).first { $0.name == name }
    if parts.count == 1, let member { return member }
    if parts.count == 2, let member, member.number != nil, let number = Double(parts[1]),
      number.isFinite
    {
      return member.with(number: number)
    }
    throw UnknownName(kind: kind, name: text, among: all.map { member == nil ? $0.name : "\($0)" })
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do { self = try Self.named(text) } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

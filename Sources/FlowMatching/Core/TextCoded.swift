/// A value that files hold as the text that people type for it.
public protocol TextCoded: Codable, CustomStringConvertible {
  /// What may be written, for who wrote something else.
  static var range: String { get }
  /// The value that is written so; nil where none is.
  init?(_ text: String)
}

extension TextCoded {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "it may be \(Self.range)")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension Double {
  /// As people write it: “3”, not “3.0”.
  public var shortText: String {
    self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)"
  }
}

/// The form of a setting's value, as files of settings tell them apart.
public enum SettingKind: Sendable, Hashable {
  case text, integer, number, flag
  /// Integers separated by commas; in a file an array too.
  case integers
}

/// A value that can be chosen by its name.
public struct SettingChoice: Sendable, Hashable {
  /// The name as it is typed, “sinkhorn:2”.
  public let name: String
  /// What it is, in one line; empty where the name says it.
  public let note: String

  public init(name: String, note: String = "") {
    self.name = name
    self.note = note
  }
}

/// Why a text is no value of a setting.
public enum SettingMistake: Error, Sendable, Hashable {
  /// It names nothing that exists.
  case unknown(UnknownName)
  /// It lies outside the range; with the value as it was understood.
  case outside(String)
}

/// The values that a setting may have: how one is read from a text, written, and told in words.
public struct SettingDomain<Value: Sendable>: Sendable {
  /// The form of a value.
  public let kind: SettingKind
  /// What a value may be, in words that follow “must be”: “1 to 1048576”.
  public let range: String
  /// Every value with a name; empty for numbers.
  public var choices: [SettingChoice] = []
  /// The heading under which the choices are listed, “schedulers”.
  public var family = ""
  /// Values to go through one by one, as they are typed.
  public var suggestions: [String] = []
  /// Reads a text; throws what is wrong with it.
  public let read: @Sendable (String) throws(SettingMistake) -> Value
  /// The text that `read` makes the same value of.
  public let write: @Sendable (Value) -> String
  /// A value's name for people.
  public var title: @Sendable (Value) -> String
  /// Whether a value is one that an experiment may hold.
  var contains: @Sendable (Value) -> Bool

  public init(
    _ kind: SettingKind, range: String,
    read: @escaping @Sendable (String) throws(SettingMistake) -> Value,
    write: @escaping @Sendable (Value) -> String
  ) {
    self.kind = kind
    self.range = range
    self.read = read
    self.write = write
    title = write
    contains = { value in (try? read(write(value))) != nil }
  }

  /// The same with values to go through.
  public func suggesting(_ texts: [String]) -> SettingDomain {
    var domain = self
    domain.suggestions = texts
    return domain
  }

  /// The same with values by name, which are gone through too.
  public func listing(_ family: String, _ choices: [SettingChoice]) -> SettingDomain {
    var domain = self
    domain.family = family
    domain.choices = choices
    domain.suggestions = choices.map(\.name)
    return domain
  }

  /// The same with names for people.
  public func titled(_ title: @escaping @Sendable (Value) -> String) -> SettingDomain {
    var domain = self
    domain.title = title
    return domain
  }
}

extension SettingDomain where Value == Int {
  /// Whole numbers of a range.
  public static func whole(_ range: ClosedRange<Int>) -> SettingDomain {
    SettingDomain(
      .integer, range: "\(range.lowerBound) to \(range.upperBound)",
      read: { text throws(SettingMistake) in
        guard let number = WholeNumber(text) else { throw .outside("“\(text)”") }
        guard let value = Int(exactly: number.value), range.contains(value) else {
          throw .outside("\(number.value)")
        }
        return value
      }, write: { "\($0)" })
  }
}

extension SettingDomain where Value == UInt64 {
  /// Whole numbers from 0 to 2⁶⁴ − 1.
  public static let natural = SettingDomain(
    .integer, range: "a whole number from 0 to \(UInt64.max)",
    read: { text throws(SettingMistake) in
      guard let number = WholeNumber(text), let value = UInt64(exactly: number.value) else {
        throw .outside("“\(text)”")
      }
      return value
    }, write: { "\($0)" })
}

extension SettingDomain where Value == Double {
  /// The largest number that steps of single precision can be made with.
  private static let largest = 1e30

  /// Numbers above 0.
  public static let positive = number("a positive number, such as 1e-3, up to 1e30") {
    $0 > 0 && $0 <= largest
  }

  /// Numbers from 0 on.
  public static let notNegative = number("0 or a positive number up to 1e30") {
    $0 >= 0 && $0 <= largest
  }

  /// Numbers of a range.
  public static func between(_ range: ClosedRange<Double>) -> SettingDomain {
    number("between \(range.lowerBound) and \(range.upperBound)") { range.contains($0) }
  }

  /// Numbers that pass a test, with the range in words.
  private static func number(
    _ range: String, _ isInside: @escaping @Sendable (Double) -> Bool
  ) -> SettingDomain {
    SettingDomain(
      .number, range: range,
      read: { text throws(SettingMistake) in
        guard let value = Double(text) ?? WholeNumber(text).map({ Double($0.value) }) else {
          throw .outside("“\(text)”")
        }
        guard isInside(value) else { throw .outside("\(value)") }
        return value
      }, write: { "\($0)" })
  }
}

extension SettingDomain where Value == Bool {
  /// True or false.
  public static let flag = SettingDomain(
    .flag, range: "true or false",
    read: { text throws(SettingMistake) in
      guard let value = Bool(text) else { throw .outside("“\(text)”") }
      return value
    }, write: { "\($0)" }
  ).suggesting(["false", "true"])
}

extension SettingDomain where Value == [Int] {
  /// The units of the hidden layers of a network.
  public static let widths = SettingDomain(
    .integers, range: "1 to 16 layers of 1 to 4096 units, such as 64,64,64",
    read: { text throws(SettingMistake) in
      let widths = text.split(separator: ",", omittingEmptySubsequences: false)
        .map { WholeNumber(String($0)).flatMap { Int(exactly: $0.value) } ?? 0 }
      guard (1...16).contains(widths.count), widths.allSatisfy({ (1...4096).contains($0) }) else {
        throw .outside("“\(text)”")
      }
      return widths
    }, write: { $0.map(String.init).joined(separator: ",") })
}

extension SettingDomain where Value == String {
  /// Names of a list, some of which may stand for more than the list says.
  public static func name(
    _ range: String = "a name of the list",
    check: @escaping @Sendable (String) throws(UnknownName) -> Void
  ) -> SettingDomain {
    SettingDomain(
      .text, range: range,
      read: { text throws(SettingMistake) in
        do throws(UnknownName) { try check(text) } catch { throw .unknown(error) }
        return text
      }, write: { $0 })
  }

  /// One of a few names.
  public static func one(of names: [String], _ kind: String) -> SettingDomain {
    name("one of \(names.joined(separator: ", "))") { text throws(UnknownName) in
      if !names.contains(text) { throw UnknownName(kind: kind, name: text, among: names) }
    }.listing("", names.map { SettingChoice(name: $0) })
  }
}

extension SettingDomain where Value: RawRepresentable<String> & CaseIterable {
  /// The cases of an enumeration.
  public static func cases(_ kind: String) -> SettingDomain {
    SettingDomain(
      .text, range: "a name of the list",
      read: { text throws(SettingMistake) in
        guard let value = Value(rawValue: text) else {
          let names = Value.allCases.map(\.rawValue)
          throw .unknown(UnknownName(kind: kind, name: text, among: names))
        }
        return value
      }, write: { $0.rawValue })
  }

  /// The same with every case listed.
  public func listed(
    _ family: String, _ note: (Value) -> String
  ) -> SettingDomain {
    listing(
      family, Value.allCases.map { SettingChoice(name: $0.rawValue, note: note($0)) })
  }
}

extension SettingDomain where Value: NumberedChoice {
  /// The members of a family, some with a number.
  public static func numbered(
    _ range: String = "a name of the list, some with a number"
  ) -> SettingDomain {
    SettingDomain(
      .text, range: range,
      read: { text throws(SettingMistake) in
        do throws(UnknownName) { return try Value.named(text) } catch { throw .unknown(error) }
      }, write: { $0.description })
  }

  /// The same with every member listed.
  public func listed(_ family: String, _ note: (Value) -> String) -> SettingDomain {
    listing(
      family, Value.all.map { SettingChoice(name: $0.description, note: note($0)) })
  }
}

/// How well typed words fit a line, and which letters they are.
///
/// A word fits where its letters come in order, each at the beginning of a word, right after the one
/// before it, or, for one slip in four letters, one or two letters further in the same word: "sol",
/// "rk" for "Runge–Kutta", "thme". Letters scattered anywhere do not fit, so that nonsense finds nothing.
struct FuzzyMatch: Sendable, Equatable {
  /// The greater the better; more for whole words than for letters here and there.
  let score: Int
  /// The matched characters, by their place in the line.
  let places: Set<Int>

  /// The best fit of every word of the query, in any order and case; nil if one does not fit.
  init?(_ query: String, in line: String) {
    let letters = Array(line.lowercased())
    var score = 0
    var places: Set<Int> = []
    for word in query.lowercased().split(separator: " ") {
      guard let part = FuzzyMatch.fit(Array(word), letters) else { return nil }
      score += part.score
      places.formUnion(part.places)
    }
    self.score = score
    self.places = places
  }

  /// A way to place the first letters of a word, the last of them at a known place.
  private struct Way {
    var score: Int
    var slips: Int
    var places: [Int]
  }

  /// The best way to place a word, letter by letter: of all ways that end at one place with as many
  /// slips only the best can become the best.
  private static func fit(_ word: [Character], _ line: [Character]) -> Way? {
    let allowed = word.count / 4
    let begins = line.indices.map { $0 == 0 || !isPart(line[$0 - 1]) }
    var ways: [Way] = line.indices.filter { line[$0] == word[0] }.compactMap { place in
      guard begins[place] || word.count > 2 else { return nil }
      let start = place == 0 ? 4 : -min(4, place / 8)
      return Way(score: start + (begins[place] ? 8 : -2), slips: 0, places: [place])
    }
    for letter in word.dropFirst() {
      var best: [Int: Way] = [:]
      for way in ways {
        let last = way.places[way.places.count - 1]
        for place in (last + 1)..<max(last + 1, line.count) where line[place] == letter {
          let gap = place - last - 1
          let isSlip = gap > 0 && !begins[place]
          let skipped = line[(last + 1)..<place]
          guard !isSlip || gap <= 2 && way.slips < allowed && skipped.allSatisfy(isPart) else {
            continue
          }
          var next = way
          next.score += gap == 0 ? 6 : isSlip ? -4 : 3
          next.slips += isSlip ? 1 : 0
          next.places.append(place)
          let key = place * 16 + min(15, next.slips)
          if next.score > best[key]?.score ?? Int.min { best[key] = next }
        }
      }
      ways = best.sorted { $0.key < $1.key }.map(\.value)
    }
    return ways.max { ($0.score, $1.places[0]) < ($1.score, $0.places[0]) }
  }

  private static func isPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber
  }
}

/// How well typed words fit a line, and which letters they are.
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

  private static func fit(
    _ word: [Character], _ line: [Character]
  ) -> (score: Int, places: [Int])? {
    var best: (score: Int, places: [Int])?
    for start in line.indices where line[start] == word[0] {
      guard let places = places(of: word, in: line, from: start) else { break }
      var score = 0
      for (i, place) in places.enumerated() {
        let beginsWord = place == 0 || !(line[place - 1].isLetter || line[place - 1].isNumber)
        score += beginsWord ? 8 : 0
        if i > 0 { score += place == places[i - 1] + 1 ? 6 : -min(3, place - places[i - 1] - 1) }
      }
      score += places[0] == 0 ? 4 : -min(4, places[0] / 8)
      if score > best?.score ?? Int.min { best = (score, places) }
    }
    return best
  }

  /// The first letters that spell the word from a place on.
  private static func places(
    of word: [Character], in line: [Character], from start: Int
  ) -> [Int]? {
    var places: [Int] = []
    var next = start
    for letter in word {
      guard let place = line[next...].firstIndex(of: letter) else { return nil }
      places.append(place)
      next = place + 1
    }
    return places
  }
}

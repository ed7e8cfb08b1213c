/// Words that a person asks about.
extension AppState {
  /// Says what a word means, until Esc.
  mutating func explain(_ entry: GlossaryEntry) {
    dialogue.caption = Caption(title: entry.term, text: entry.text)
    revision += 1
  }

  /// Explains the word that a click on a label, a title or a number's name meant, if it is one.
  mutating func explainWord(at x: Int, _ y: Int) {
    guard let pointed = window.pointed, pointed.x == x, pointed.y == y,
      let entry = Glossary.entry(in: pointed.text)
    else { return }
    explain(entry)
  }
}

/// The notices of what others made and this program holds: `--version --licences` prints them, and
/// packages carry the same.
enum Notices {
  /// Of the data that travel in the program.
  static let data = """
    It holds where there is land, counted from GLOBE elevation data (NOAA, public domain): Data/README.md.

    It holds handwritten digits, the part of UCI's “Optical Recognition of Handwritten Digits”
    (https://doi.org/10.24432/C50P49) that scikit-learn ships, by E. Alpaydin and C. Kaynak, under CC BY 4.0
    (https://creativecommons.org/licenses/by/4.0/); pixels are divided by 16: Data/README.md.

    It holds a list of English words, output of SCOWL 2020.12 (http://wordlist.aspell.net):
          Copyright 2000-2018 by Kevin Atkinson
          Permission to use, copy, modify, distribute and sell these word lists, the associated scripts,
          the output created from the scripts, and its documentation for any purpose is hereby granted
          without fee, provided that the above copyright notice appears in all copies and that both that
          copyright notice and this permission notice appear in supporting documentation. Kevin Atkinson
          makes no representations about the suitability of this array for any purpose. It is provided
          "as is" without express or implied warranty.

    """
}

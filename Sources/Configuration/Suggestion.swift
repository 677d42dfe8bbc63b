/// The name that a person most likely meant.
enum Suggestion {
  /// The nearest of `names` to `typed`, or nil if none is near.
  ///
  /// Near is a third of the letters at most, or the same name but for a unit at its end.
  static func nearest(to typed: String, among names: [String]) -> String? {
    let limit = (typed.count + 1) / 3
    var best: (name: String, distance: Int)?
    for name in names where name != typed {
      let distance = isSameButForUnit(typed, name) ? 1 : editDistance(typed, name)
      if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  private static func isSameButForUnit(_ one: String, _ other: String) -> Bool {
    let stem = { (name: String) in
      name.lastIndex(of: "_").map { String(name[..<$0]) }
    }
    return stem(one) == other || stem(other) == one
  }

  /// Letters inserted, removed, replaced or swapped with a neighbour: the restricted Damerau–Levenshtein
  /// distance.
  static func editDistance(_ one: String, _ other: String) -> Int {
    let a = Array(one.unicodeScalars)
    let b = Array(other.unicodeScalars)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}

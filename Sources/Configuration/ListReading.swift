extension ConfigurationMapping {
  /// The list of finite numbers under `key`.
  ///
  /// - Parameter count: how many are allowed.
  public mutating func numbers(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, in range: NumberRange = .any,
    default values: [Double]? = nil,
  ) throws(ConfigurationError) -> [Double] {
    if let values, optional(key) == nil { return values }
    let each = range == .any ? "" : ", each \(range)"
    let wanted = "a list of \(Self.unit(key, count, "number"))\(each)"
    var numbers: [Double] = []
    for (index, item) in try items(key, count: count, wanted: wanted).enumerated() {
      let path = "\(dotted(path, key)).\(index)"
      numbers.append(try number(item, at: path, in: range, wanted: Self.wanted(key, range)))
    }
    return numbers
  }

  /// The list of whole numbers under `key`.
  ///
  /// - Parameter count: how many are allowed.
  public mutating func integers(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, in range: ClosedRange<Int> = Int.min...Int.max,
    default values: [Int]? = nil,
  ) throws(ConfigurationError) -> [Int] {
    if let values, optional(key) == nil { return values }
    let wanted = "a list of \(Self.unit(key, count, "whole number"))"
    var integers: [Int] = []
    for (index, item) in try items(key, count: count, wanted: wanted).enumerated() {
      let path = "\(dotted(path, key)).\(index)"
      integers.append(try integer(item, at: path, in: range, wanted: Self.wanted(key, range)))
    }
    return integers
  }

  /// The list of texts under `key`; none is empty.
  ///
  /// - Parameter count: how many are allowed.
  public mutating func texts(
    _ key: String, count: ClosedRange<Int> = 0...Int.max, default values: [String]? = nil,
  ) throws(ConfigurationError) -> [String] {
    if let values, optional(key) == nil { return values }
    let wanted = "a list of \(counted(count, "text"))"
    var texts: [String] = []
    for (index, item) in try items(key, count: count, wanted: wanted).enumerated() {
      texts.append(try text(item, at: "\(dotted(path, key)).\(index)", wanted: "a text"))
    }
    return texts
  }

  /// The list of one or more of `names` under `key`, none of them twice.
  public mutating func choices(
    _ key: String, among names: [String], default values: [String]? = nil,
  ) throws(ConfigurationError) -> [String] {
    precondition(!names.isEmpty, "the key \(key) has no choices")
    if let values, optional(key) == nil { return values }
    let quoted = names.map { "'\($0)'" }.joined(separator: ", ")
    var choices: [String] = []
    for (index, item) in try items(key, count: 1...names.count, wanted: "a list of some of \(quoted)").enumerated() {
      let path = "\(dotted(path, key)).\(index)"
      let name = try text(item, at: path, wanted: "one of \(quoted)")
      guard names.contains(name) else {
        let hint = Suggestion.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
        throw source.error(at: item.place, key: path, "found '\(name)', but one of \(quoted) is wanted\(hint)")
      }
      guard !choices.contains(name) else {
        throw source.error(at: item.place, key: path, "found '\(name)' a second time; remove it")
      }
      choices.append(name)
    }
    return choices
  }

  private static func unit(_ key: String, _ count: ClosedRange<Int>, _ noun: String) -> String {
    let phrase = counted(count, noun)
    return KeyUnit.name(of: key).map { "\(phrase) of \($0)" } ?? phrase
  }
}

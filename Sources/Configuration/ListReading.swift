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

  private static func unit(_ key: String, _ count: ClosedRange<Int>, _ noun: String) -> String {
    let phrase = counted(count, noun)
    return KeyUnit.name(of: key).map { "\(phrase) of \($0)" } ?? phrase
  }
}

extension ConfigurationMapping {
  /// The finite number under `key`; `value` if the key is missing and a default is given.
  public mutating func number(
    _ key: String, in range: NumberRange = .any, default value: Double? = nil,
  ) throws(ConfigurationError) -> Double {
    if let value, !contains(key) { return value }
    let wanted = Self.wanted(key, range)
    return try number(try required(key, wanted: wanted), at: dotted(path, key), in: range, wanted: wanted)
  }

  /// The whole number under `key`; `1e3`, `50_000` and `2.0` are whole.
  public mutating func integer(
    _ key: String, in range: ClosedRange<Int> = Int.min...Int.max, default value: Int? = nil,
  ) throws(ConfigurationError) -> Int {
    if let value, !contains(key) { return value }
    let wanted = Self.wanted(key, range)
    return try integer(try required(key, wanted: wanted), at: dotted(path, key), in: range, wanted: wanted)
  }

  /// The truth value under `key`.
  public mutating func boolean(_ key: String, default value: Bool? = nil) throws(ConfigurationError) -> Bool {
    if let value, !contains(key) { return value }
    let wanted = "true or false"
    let node = try required(key, wanted: wanted)
    guard case .scalar(let scalar) = node.content, case .boolean(let read) = scalar.value else {
      throw mismatch(node, at: dotted(path, key), wanted: wanted)
    }
    return read
  }

  /// The text under `key`; not empty.
  public mutating func text(_ key: String, default value: String? = nil) throws(ConfigurationError) -> String {
    if let value, !contains(key) { return value }
    return try text(try required(key, wanted: "a text"), at: dotted(path, key), wanted: "a text")
  }

  /// The one of `names` that stands under `key`.
  public mutating func choice(
    _ key: String, among names: [String], default value: String? = nil,
  ) throws(ConfigurationError) -> String {
    precondition(!names.isEmpty, "the key \(key) has no choices")
    if let value, !contains(key) { return value }
    let quoted = names.map { "'\($0)'" }
    let wanted = names.count == 1 ? quoted[0] : "one of \(quoted.joined(separator: ", "))"
    let node = try required(key, wanted: wanted)
    guard case .scalar(let scalar) = node.content, names.contains(scalar.text) else {
      let found = if case .scalar(let scalar) = node.content { scalar.text } else { "" }
      let hint = Suggestion.nearest(to: found, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw error(key, "found \(node.found), but \(wanted) is wanted\(hint)")
    }
    return scalar.text
  }

  /// The case whose raw value stands under `key`.
  public mutating func choice<Choice>(
    _ key: String, of type: Choice.Type = Choice.self, default value: Choice? = nil,
  ) throws(ConfigurationError) -> Choice
  where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
    let name = try choice(key, among: Choice.allCases.map(\.rawValue), default: value?.rawValue)
    guard let choice = Choice(rawValue: name) else {
      preconditionFailure("\(Choice.self) does not make a case of its raw value '\(name)'")
    }
    return choice
  }

  /// The path under `key`, absolute; whether the file exists is not looked at.
  ///
  /// A relative path starts beside the file it is written in, in an override in the working directory.
  public mutating func filePath(_ key: String) throws(ConfigurationError) -> String {
    let wanted = "the path of a file"
    let node = try required(key, wanted: wanted)
    let path = try text(node, at: dotted(self.path, key), wanted: wanted)
    return FilePath.absolute(path, in: directory(of: node))
  }

  // MARK: Of a node

  func number(
    _ node: TreeNode, at path: String, in range: NumberRange, wanted: String,
  ) throws(ConfigurationError) -> Double {
    guard case .scalar(let scalar) = node.content, case .number(let literal) = scalar.value,
      range.contains(literal.double)
    else { throw wrongNumber(node, at: path, wanted: wanted) }
    return literal.double
  }

  func integer(
    _ node: TreeNode, at path: String, in range: ClosedRange<Int>, wanted: String,
  ) throws(ConfigurationError) -> Int {
    guard case .scalar(let scalar) = node.content, case .number(let literal) = scalar.value,
      let value = literal.int, range.contains(value)
    else { throw wrongNumber(node, at: path, wanted: wanted) }
    return value
  }

  func text(_ node: TreeNode, at path: String, wanted: String) throws(ConfigurationError) -> String {
    guard case .scalar(let scalar) = node.content else { throw mismatch(node, at: path, wanted: wanted) }
    switch scalar.value {
    case .text where !scalar.text.isEmpty:
      return scalar.text
    case .number, .boolean, .notFinite:
      throw mismatch(node, at: path, wanted: "\(wanted) (in quotes, \"\(scalar.text)\", it would be one)")
    case .text, .null:
      throw mismatch(node, at: path, wanted: wanted)
    }
  }

  static func wanted(_ key: String, _ range: NumberRange) -> String {
    let number = KeyUnit.number(of: key)
    return range == .any ? number : "\(number) \(range)"
  }

  static func wanted(_ key: String, _ range: ClosedRange<Int>) -> String {
    let number = KeyUnit.number("a whole number", of: key)
    return switch (range.lowerBound, range.upperBound) {
    case (Int.min, Int.max): number
    case (let low, Int.max): "\(number), at least \(low)"
    case (Int.min, let high): "\(number), at most \(high)"
    case (let low, let high): "\(number) from \(low) to \(high)"
    }
  }

  private func wrongNumber(_ node: TreeNode, at path: String, wanted: String) -> ConfigurationError {
    if case .scalar(let scalar) = node.content, case .text = scalar.value, DecimalLiteral(scalar.text) != nil {
      return mismatch(node, at: path, wanted: "\(wanted), without quotes,")
    }
    return mismatch(node, at: path, wanted: wanted)
  }

  private mutating func contains(_ key: String) -> Bool { optional(key) != nil }
}

/// A value in a JSON file with the way to it, so that trouble can be named.
struct JSONField {
  /// The file.
  let path: String
  /// The keys and numbers that lead here; empty at the top.
  let name: String
  let value: JSONNode

  /// Reads a file, packed with gzip or not.
  init(contentsOf path: String) throws(TraceError) {
    let bytes = try GzipReader.contents(of: path)
    do throws(JSONFault) {
      value = try JSONParser.parse(bytes)
    } catch {
      throw TraceError(path: path, line: error.line, message: error.message)
    }
    self.path = path
    name = ""
  }

  private init(path: String, name: String, value: JSONNode) {
    self.path = path
    self.name = name
    self.value = value
  }

  /// An error here: the name of this field, then what is wrong.
  func trouble(_ message: String) -> TraceError {
    TraceError(path: path, line: value.line, message: "\(name.isEmpty ? "the file" : name) \(message)")
  }

  private func members() throws(TraceError) -> [JSONNode.Member] {
    guard case .object(let members) = value.content else { throw trouble("must be an object, not \(value.kind)") }
    return members
  }

  /// What stands under a key; nil if nothing or null does.
  func field(_ key: String) throws(TraceError) -> JSONField? {
    guard let member = try members().first(where: { $0.key == key }) else { return nil }
    if case .null = member.value.content { return nil }
    return JSONField(path: path, name: name.isEmpty ? key : "\(name).\(key)", value: member.value)
  }

  /// What stands under a key or, if nothing does, under another.
  func field(_ key: String, or other: String) throws(TraceError) -> JSONField? {
    if let found = try field(key) { return found }
    return try field(other)
  }

  /// What stands under a key that must be there.
  func required(_ key: String) throws(TraceError) -> JSONField {
    guard let field = try field(key) else { throw trouble("has no \(key)") }
    return field
  }

  /// The entries of a list.
  func elements() throws(TraceError) -> [JSONField] {
    guard case .array(let elements) = value.content else { throw trouble("must be a list, not \(value.kind)") }
    return elements.enumerated().map { JSONField(path: path, name: "\(name)[\($0)]", value: $1) }
  }

  /// The entries of a list under a key; none if it is not there.
  func elements(_ key: String) throws(TraceError) -> [JSONField] {
    guard let field = try field(key) else { return [] }
    return try field.elements()
  }

  /// A text.
  func string() throws(TraceError) -> String {
    guard case .string(let text) = value.content else { throw trouble("must be a text, not \(value.kind)") }
    return text
  }

  /// A number that is not negative.
  func amount() throws(TraceError) -> Double {
    guard case .number(let number) = value.content, number >= 0 else {
      throw trouble("must be a number and not negative, not \(value.kind)")
    }
    return number
  }
}

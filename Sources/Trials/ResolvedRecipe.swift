/// A recipe with all its values, as a run's checkpoint records it: one `name: value` a line.
///
/// Read off the value itself, so that a setting that is added later cannot be forgotten here.
enum ResolvedRecipe {
  static func text(_ recipe: some Sendable) -> String {
    Mirror(reflecting: recipe).children.map { "\($0.label ?? ""): \(text(of: $0.value))\n" }.joined()
  }

  private static func text(of value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional?: return mirror.children.first.map { text(of: $0.value) } ?? "none"
    case .struct?:
      let parts = mirror.children.map { "\($0.label ?? ""): \(text(of: $0.value))" }
      return parts.isEmpty ? "\(value)" : "{\(parts.joined(separator: ", "))}"
    case .collection?: return "[\(mirror.children.map { text(of: $0.value) }.joined(separator: ", "))]"
    case .enum?:
      guard let content = mirror.children.first else { return "\(value)" }
      let inner = Mirror(reflecting: content.value)
      let name = content.label ?? ""
      guard inner.displayStyle == .tuple else { return "\(name)(\(text(of: content.value)))" }
      let parts = inner.children.map { part in
        let label = part.label.flatMap { $0.hasPrefix(".") ? nil : "\($0): " } ?? ""
        return label + text(of: part.value)
      }
      return "\(name)(\(parts.joined(separator: ", ")))"
    default: return "\(value)"
    }
  }
}

/// A number with its unit: values of different units are different types and do not mix.
///
/// Parameters are built from quantities; per-step functions take plain `Double` in SI with the unit in the
/// name.
public protocol Quantity: Sendable, Hashable, Comparable {
  /// The quantity of a number in this unit.
  init(_ value: Double)
  /// The number in this unit.
  var value: Double { get }
}

extension Quantity {
  /// Orders by the number in the unit.
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// A quantity whose sums and multiples are quantities of the same unit.
public protocol AdditiveQuantity: Quantity {}

extension AdditiveQuantity {
  /// The sum of two quantities of one unit.
  public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
  /// The difference of two quantities of one unit.
  public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
  /// The quantity with its sign changed.
  public static prefix func - (a: Self) -> Self { Self(-a.value) }
  /// A multiple of the quantity.
  public static func * (factor: Double, a: Self) -> Self { Self(factor * a.value) }
  /// A part of the quantity.
  public static func / (a: Self, divisor: Double) -> Self { Self(a.value / divisor) }
  /// The plain ratio of two quantities of one unit.
  public static func / (a: Self, b: Self) -> Double { a.value / b.value }
}

/// The finite numbers that a key allows.
public struct NumberRange: Sendable, Equatable, CustomStringConvertible {
  private enum End: Sendable, Equatable {
    case none
    case including(Double)
    case excluding(Double)
  }

  private let lower: End
  private let upper: End

  private init(_ lower: End, _ upper: End) {
    self.lower = lower
    self.upper = upper
  }

  /// Every finite number.
  public static let any = NumberRange(.none, .none)
  /// x > 0.
  public static let positive = above(0)
  /// x ≥ 0.
  public static let nonNegative = atLeast(0)
  /// 0 ≤ x ≤ 1.
  public static let fraction = between(0, 1)

  /// lower ≤ x ≤ upper.
  public static func between(_ lower: Double, _ upper: Double) -> NumberRange {
    precondition(lower <= upper, "a range from \(lower) to \(upper) is empty")
    return NumberRange(.including(lower), .including(upper))
  }

  /// x ≥ bound.
  public static func atLeast(_ bound: Double) -> NumberRange { NumberRange(.including(bound), .none) }

  /// x > bound.
  public static func above(_ bound: Double) -> NumberRange { NumberRange(.excluding(bound), .none) }

  /// x ≤ bound.
  public static func atMost(_ bound: Double) -> NumberRange { NumberRange(.none, .including(bound)) }

  /// x < bound.
  public static func below(_ bound: Double) -> NumberRange { NumberRange(.none, .excluding(bound)) }

  /// This range without its numbers above `bound` or, if `excluding`, at it.
  public func to(_ bound: Double, excluding: Bool = false) -> NumberRange {
    NumberRange(lower, excluding ? .excluding(bound) : .including(bound))
  }

  /// Whether `value` is finite and in the range.
  public func contains(_ value: Double) -> Bool {
    let isHighEnough =
      switch lower {
      case .none: true
      case .including(let bound): value >= bound
      case .excluding(let bound): value > bound
      }
    let isLowEnough =
      switch upper {
      case .none: true
      case .including(let bound): value <= bound
      case .excluding(let bound): value < bound
      }
    return value.isFinite && isHighEnough && isLowEnough
  }

  /// `greater than 0`, `from 0 to 1`; empty for all numbers.
  public var description: String {
    let plain = { (bound: Double) in Scalar.spelling(of: bound) }
    if case .including(let low) = lower, case .including(let high) = upper {
      return "from \(plain(low)) to \(plain(high))"
    }
    let low: String? =
      switch lower {
      case .none: nil
      case .including(let bound): "at least \(plain(bound))"
      case .excluding(let bound): "greater than \(plain(bound))"
      }
    let high: String? =
      switch upper {
      case .none: nil
      case .including(let bound): "at most \(plain(bound))"
      case .excluding(let bound): "less than \(plain(bound))"
      }
    return [low, high].compactMap(\.self).joined(separator: " and ")
  }
}

extension Scalar {
  /// A number in an error: `6`, `0.5`, `1.0e+21`.
  static func spelling(of number: Double) -> String {
    DecimalLiteral("\(number)")?.canonical ?? "\(number)"
  }
}

/// A moment as text says it: a date and time, or seconds.
struct Instant: Sendable, Equatable {
  /// Nanoseconds since 1970-01-01 00:00 UTC, or since the origin of the seconds.
  let nanoseconds: Int64
  /// Whether it was written as a date.
  let isDate: Bool

  /// Reads `YYYY-MM-DD HH:MM[:SS[.fraction]]`, with a space or a `T` between date and time and `Z` or `±HH[:]MM` behind
  /// (none is UTC), from the year 1700 to 2200; or `[-]seconds[.fraction]` up to 10 digits. Digits beyond the nanosecond
  /// are dropped.
  init?(_ text: String) {
    var reader = Reader(text)
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let value = reader.date() else { return nil }
      (nanoseconds, isDate) = (value, true)
    } else {
      guard let value = reader.seconds() else { return nil }
      (nanoseconds, isDate) = (value, false)
    }
  }

  private struct Reader {
    var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    mutating func skip(_ character: Character) -> Bool {
      guard let first = rest.first, first == character.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }

    /// A number of so many digits.
    mutating func digits(_ count: ClosedRange<Int>) -> Int64? {
      var value: Int64 = 0
      var read = 0
      while read < count.upperBound, let first = rest.first, (48...57).contains(first) {
        value = value * 10 + Int64(first - 48)
        rest = rest.dropFirst()
        read += 1
      }
      return count.contains(read) ? value : nil
    }

    /// What stands behind a point, in nanoseconds; 0 where there is no point.
    mutating func fraction() -> Int64? {
      guard skip(".") else { return 0 }
      var value: Int64 = 0
      var read = 0
      while let first = rest.first, (48...57).contains(first) {
        if read < 9 { value = value * 10 + Int64(first - 48) }
        rest = rest.dropFirst()
        read += 1
      }
      guard read > 0 else { return nil }
      for _ in min(read, 9)..<9 { value *= 10 }
      return value
    }

    mutating func seconds() -> Int64? {
      let isNegative = skip("-")
      guard let whole = digits(1...10), whole < 9_000_000_000, let part = fraction(), rest.isEmpty else { return nil }
      let value = whole * 1_000_000_000 + part
      return isNegative ? -value : value
    }

    mutating func date() -> Int64? {
      guard let year = digits(4...4), skip("-"), let month = digits(2...2), skip("-"), let day = digits(2...2),
        skip(" ") || skip("T"), let hour = digits(2...2), skip(":"), let minute = digits(2...2),
        (1700...2200).contains(year), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
        hour < 24, minute < 60
      else { return nil }
      var second: Int64 = 0
      var part: Int64 = 0
      if skip(":") {
        guard let whole = digits(2...2), whole < 60, let fraction = fraction() else { return nil }
        (second, part) = (whole, fraction)
      }
      guard let offset = zone(), rest.isEmpty else { return nil }
      let minutes = (Self.days(to: year, month, day) * 24 + hour) * 60 + minute - offset
      return (minutes * 60 + second) * 1_000_000_000 + part
    }

    /// Minutes ahead of UTC.
    private mutating func zone() -> Int64? {
      if rest.isEmpty || skip("Z") { return 0 }
      let isAhead = skip("+")
      guard isAhead || skip("-"), let hours = digits(2...2), hours < 24 else { return nil }
      var minutes: Int64 = 0
      if !rest.isEmpty {
        _ = skip(":")
        guard let written = digits(2...2), written < 60 else { return nil }
        minutes = written
      }
      return (isAhead ? 1 : -1) * (hours * 60 + minutes)
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
      switch month {
      case 2: isLeap(year) ? 29 : 28
      case 4, 6, 9, 11: 30
      default: 31
      }
    }

    /// Days from 1970-01-01 to a date of the Gregorian calendar.
    private static func days(to year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
      let before = year - 1
      var days = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
      for earlier in 1..<month { days += Self.days(in: earlier, of: year) }
      return days + day - 1
    }
  }
}

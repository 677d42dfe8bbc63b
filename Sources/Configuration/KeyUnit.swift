/// The unit that the end of a key names: `bandwidth_hz` is in Hz.
enum KeyUnit {
  private static let names: [(suffix: String, name: String)] = [
    ("hz", "Hz"), ("khz", "kHz"), ("mhz", "MHz"), ("ghz", "GHz"),
    ("dbm", "dBm"), ("db", "dB"), ("dbi", "dBi"), ("dbm_per_hz", "dBm/Hz"),
    ("w", "watts"), ("mw", "milliwatts"), ("j", "joules"), ("v", "volts"), ("k", "kelvins"),
    ("s", "seconds"), ("ms", "milliseconds"), ("m", "metres"), ("km", "kilometres"),
    ("mps", "m/s"), ("m_per_s", "m/s"), ("mps2", "m/s²"), ("m_per_s2", "m/s²"), ("m2", "m²"),
    ("bits", "bits"), ("bytes", "bytes"), ("bps", "bit/s"), ("cycles", "cycles"),
    ("cycles_per_bit", "cycles per bit"), ("per_s", "1/s"), ("per_m2", "1/m²"),
    ("deg", "degrees"), ("rad", "radians"), ("rad_per_s", "rad/s"), ("kg", "kilograms"), ("n", "newtons"),
  ]

  /// The name of the unit, or nil if the key has none; the longest suffix wins.
  static func name(of key: String) -> String? {
    names.filter { key.hasSuffix("_\($0.suffix)") }.max { $0.suffix.count < $1.suffix.count }?.name
  }

  /// `a number`, `a number of Hz`.
  static func number(_ noun: String = "a number", of key: String) -> String {
    name(of: key).map { "\(noun) of \($0)" } ?? noun
  }
}

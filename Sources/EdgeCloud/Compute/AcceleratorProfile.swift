/// How long an inference takes on a board, as published by those who measured it.
///
/// Sources: the Coral data sheets (MobileNet and Inception on a desktop processor, a USB accelerator, an embedded
/// processor and the Dev Board); A. Allan, "Benchmarking machine learning on the edge" (SSD MobileNet).
public enum InferenceLatency {
  /// A network that looks at an image.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    case mobileNet1 = "mobilenet-v1"
    case mobileNet2 = "mobilenet-v2"
    case inception4 = "inception-v4"
    case ssdMobileNet1 = "ssd-mobilenet-v1"
    case ssdMobileNet2 = "ssd-mobilenet-v2"
  }

  /// What it runs on, with the software where that matters.
  public enum Board: String, Sendable, Hashable, CaseIterable {
    case desktopProcessor = "desktop-cpu"
    case usbAccelerator = "coral-usb"
    case embeddedProcessor = "embedded-cpu"
    case devBoard = "coral-dev-board"
    case jetsonNanoTensorFlow = "jetson-nano-tensorflow"
    case jetsonNanoTensorRT = "jetson-nano-tensorrt"
    case neuralComputeStick2 = "ncs2"
    case raspberryPi4Lite = "raspberry-pi-4-tflite"
    case raspberryPi4TensorFlow = "raspberry-pi-4-tensorflow"
    case raspberryPi5Lite = "raspberry-pi-5-tflite"
  }

  /// The time of one inference, or nil where nobody published it.
  public static func seconds(_ model: Model, on board: Board) -> Double? {
    milliseconds(model, on: board).map { $0 * 1e-3 }
  }

  private static func milliseconds(_ model: Model, on board: Board) -> Double? {
    switch (model, board) {
    case (.mobileNet1, .desktopProcessor): 47
    case (.mobileNet1, .usbAccelerator): 2.2
    case (.mobileNet1, .embeddedProcessor): 179
    case (.mobileNet1, .devBoard): 2.2
    case (.mobileNet2, .desktopProcessor): 45
    case (.mobileNet2, .usbAccelerator): 2.3
    case (.mobileNet2, .embeddedProcessor): 150
    case (.mobileNet2, .devBoard): 2.5
    case (.inception4, .desktopProcessor): 792
    case (.inception4, .usbAccelerator): 100
    case (.inception4, .embeddedProcessor): 3463
    case (.inception4, .devBoard): 100
    case (.ssdMobileNet2, .jetsonNanoTensorFlow): 309
    case (.ssdMobileNet1, .jetsonNanoTensorFlow): 276
    case (.ssdMobileNet2, .jetsonNanoTensorRT): 72.3
    case (.ssdMobileNet1, .jetsonNanoTensorRT): 61.6
    case (.ssdMobileNet2, .devBoard): 20.9
    case (.ssdMobileNet1, .devBoard): 15.7
    case (.ssdMobileNet2, .usbAccelerator): 18.2
    case (.ssdMobileNet1, .usbAccelerator): 14.9
    case (.ssdMobileNet2, .neuralComputeStick2): 80.4
    case (.ssdMobileNet1, .neuralComputeStick2): 52.8
    case (.ssdMobileNet2, .raspberryPi4Lite): 112.6
    case (.ssdMobileNet1, .raspberryPi4Lite): 82.7
    case (.ssdMobileNet2, .raspberryPi4TensorFlow): 483.5
    case (.ssdMobileNet1, .raspberryPi4TensorFlow): 263.9
    case (.ssdMobileNet2, .raspberryPi5Lite): 23.5
    case (.ssdMobileNet1, .raspberryPi5Lite): 16.9
    default: nil
    }
  }
}

/// What a computer draws between idling and full load, in watts: idle + (maximum − idle) · load.
///
/// The named profiles are those of EdgeSimPy, whose field for the idle share holds watts: here they are watts.
public struct PowerProfile: Sendable, Equatable {
  /// At full load.
  public let maximum_W: Double
  /// With nothing to do.
  public let idle_W: Double

  /// A profile by its ends, 0 ≤ idle ≤ maximum.
  public init(maximum: Watts, idle: Watts) {
    precondition(
      idle.value >= 0 && idle <= maximum, "power needs 0 <= idle <= maximum, not \(idle.value) and \(maximum.value) W")
    maximum_W = maximum.value
    idle_W = idle.value
  }

  /// Raspberry Pi 4.
  public static let raspberryPi4 = PowerProfile(maximum: Watts(7.3), idle: Watts(2.56))
  /// Jetson Nano.
  public static let jetsonNano = PowerProfile(maximum: Watts(10), idle: Watts(5))
  /// Jetson TX2.
  public static let jetsonTX2 = PowerProfile(maximum: Watts(15), idle: Watts(7.5))
  /// A server with an Intel Xeon E5430.
  public static let xeonE5430 = PowerProfile(maximum: Watts(265), idle: Watts(166))
  /// The Edge TPU: 4 TOPS at 2 W; what it draws idle is not published and counts as 0.
  public static let edgeTPU = PowerProfile(maximum: Watts(2), idle: Watts(0))

  /// The power at a load from 0 to 1; beyond, that of the nearer end.
  public func power_W(load: Double) -> Double {
    let share = min(max(load, 0), 1)
    return min(idle_W * (1 - share) + maximum_W * share, maximum_W)
  }
}

/// The cycles that everyday programs take for each byte of their input.
///
/// Source: A. P. Miettinen, J. K. Nurminen, HotCloud 2010. Below about 1000 cycles a byte sending the data away costs a
/// mobile device more energy than computing on it.
public enum CyclesPerByte {
  /// gzip.
  public static let gzip = 330.0
  /// pdf2text on a document of little text.
  public static let pdfToText = 960.0
  /// bzip2.
  public static let bzip2 = 1080.0
  /// html2text on wikipedia.org.
  public static let htmlToText = 2100.0
  /// Where sending away and computing cost about the same.
  public static let breakEven = 1000.0
}

import EdgeCloud
import Testing

@Suite struct AcceleratorProfileTests {
  @Test func `inference takes the published times`() {
    #expect(InferenceLatency.seconds(.mobileNet2, on: .embeddedProcessor) == 0.15)
    #expect(InferenceLatency.seconds(.mobileNet2, on: .devBoard) == 0.0025)
    #expect(InferenceLatency.seconds(.inception4, on: .embeddedProcessor) == 3.463)
    #expect(InferenceLatency.seconds(.ssdMobileNet2, on: .raspberryPi4TensorFlow) == 0.4835)
    #expect(InferenceLatency.seconds(.ssdMobileNet1, on: .usbAccelerator) == 0.0149)
    #expect(InferenceLatency.seconds(.inception4, on: .raspberryPi5Lite) == nil)
    let published = InferenceLatency.Model.allCases.flatMap { model in
      InferenceLatency.Board.allCases.compactMap { InferenceLatency.seconds(model, on: $0) }
    }
    #expect(published.count == 12 + 16)
    #expect(published.allSatisfy { $0 > 0 && $0 < 4 })
  }

  @Test func `power lies between idle and maximum for every profile and load`() {
    let profiles = [
      PowerProfile.raspberryPi4, .jetsonNano, .jetsonTX2, .xeonE5430, .edgeTPU,
    ]
    for profile in profiles {
      for load in [-1, 0, 0.25, 0.5, 1, 7] {
        let power = profile.power_W(load: load)
        #expect(profile.idle_W <= power && power <= profile.maximum_W)
      }
      #expect(profile.power_W(load: 0) == profile.idle_W && profile.power_W(load: 1) == profile.maximum_W)
    }
    // EdgeSimPy multiplies the idle watts by the maximum: 112.5 W for the TX2.
    #expect(PowerProfile.jetsonTX2.power_W(load: 0) == 7.5)
    #expect(PowerProfile.xeonE5430.power_W(load: 0.5) == 215.5)
  }

  @Test func `programs above a thousand cycles a byte are worth sending away`() {
    #expect(CyclesPerByte.gzip < CyclesPerByte.breakEven && CyclesPerByte.bzip2 > CyclesPerByte.breakEven)
  }
}

import CEnvironmentInterface
import EnvironmentInterface
import Foundation
import TestSupport
import Testing

/// The functions of edgewise.h, called as C would.
@Suite struct InterfaceTests {
  private static let cartPole = "\(project)/Environments/classic-control/CartPole-v1.yaml"

  private static var sentence: String { unsafe String(cString: edgewise_error()) }

  private static func open(
    _ path: String = cartPole, _ environments: Int64 = 4, _ options: Int32 = EDGEWISE_BEGINS_ANEW
  ) throws -> Int64 {
    var worlds: Int64 = 0
    try #require(unsafe edgewise_open(path, nil, 0, environments, options, &worlds) == 0)
    return worlds
  }

  private static func frame(_ worlds: Int64, _ layout: Int32) throws -> edgewise_group_frame {
    var frame = unsafe edgewise_group_frame()
    try #require(unsafe edgewise_frame(worlds, layout, 0, &frame) == 0)
    return unsafe frame
  }

  @Test func `the version is that of the header`() {
    #expect(edgewise_interface_version() == EDGEWISE_INTERFACE_VERSION)
  }

  @Test func `the caller writes and reads the library's own memory, which never moves`() throws {
    let worlds = try Self.open()
    defer { _ = edgewise_close(worlds) }
    let frames = unsafe [try Self.frame(worlds, 0), try Self.frame(worlds, 1)]
    #expect(unsafe frames[0].observations != frames[1].observations && frames[0].choices == frames[1].choices)
    var layout: Int32 = -1
    #expect(edgewise_seed(worlds, Int32(EDGEWISE_EVALUATION.rawValue), 7) == 0)
    #expect(unsafe edgewise_reset(worlds, nil, &layout) == 0)
    for step in 0..<300 {
      let (before, was) = (layout, unsafe frames[Int(layout)])
      let shown = (0..<16).map { unsafe was.observations[$0] }
      for index in 0..<4 { unsafe was.choices[index] = Int32((step + index) % 2) }
      #expect(unsafe edgewise_step(worlds, &layout, nil) == 0)
      #expect(layout == 1 - before)
      // What was shown before a step stays readable after it.
      let still = (0..<16).map { unsafe was.observations[$0] }
      let now = unsafe frames[Int(layout)]
      let seen = (0..<16).map { unsafe now.observations[$0] }
      #expect(shown == still && shown != seen)
      let isPaid = (0..<4).allSatisfy { unsafe now.rewards[$0] == 1 && now.active[$0] }
      #expect(isPaid)
      for index in 0..<2 {
        let (noted, again) = unsafe (frames[index], try Self.frame(worlds, Int32(index)))
        #expect(unsafe again.observations == noted.observations && again.rewards == noted.rewards)
        #expect(unsafe again.choices == noted.choices && again.last_observations == noted.last_observations)
      }
    }
  }

  @Test func `no pointer may be null, and no call ends the process`() throws {
    let worlds = try Self.open()
    defer { _ = edgewise_close(worlds) }
    var handle: Int64 = 0
    func refuses(_ words: String, _ status: Int32) {
      #expect(status == 64 && Self.sentence.contains(words), "\(words): \(status), \(Self.sentence)")
    }
    unsafe refuses("worlds is null", edgewise_open(Self.cartPole, nil, 0, 1, 0, nil))
    unsafe refuses("path is null", edgewise_open(nil, nil, 0, 1, 0, &handle))
    unsafe refuses("list is missing", edgewise_open(Self.cartPole, nil, 2, 1, 0, &handle))
    unsafe refuses("list is missing", edgewise_open(Self.cartPole, nil, -1, 1, 0, &handle))
    unsafe refuses("flags that mean nothing", edgewise_open(Self.cartPole, nil, 0, 1, 64, &handle))
    unsafe refuses("cannot be stepped together", edgewise_open(Self.cartPole, nil, 0, -5, 0, &handle))
    unsafe refuses("cannot be stepped together", edgewise_open(Self.cartPole, nil, 0, .max, 0, &handle))
    refuses("json is null", edgewise_describe(worlds, nil))
    refuses("frame is null", edgewise_frame(worlds, 0, 0, nil))
    refuses("frame is null", edgewise_shared(worlds, nil))
    refuses("is no purpose", edgewise_seed(worlds, 9, 0))
    refuses("seeds is null", edgewise_seed_each(worlds, 3, nil, 4))
    refuses("layout is null", edgewise_reset(worlds, nil, nil))
    refuses("layout is null", edgewise_step(worlds, nil, nil))
    refuses("policy is null", edgewise_play(worlds, nil))
    unsafe refuses("no rule of that name", edgewise_play(worlds, "fastest"))
    refuses("no policy was named", edgewise_act(worlds))
    refuses("values is null", edgewise_state(worlds, nil, 16))
    refuses("json is null", edgewise_metrics(worlds, 0, nil))
    refuses("bound is null", edgewise_return_bound(worlds, 0, nil, nil))
  }

  @Test func `a failure leaves its sentence, on its own thread`() throws {
    var worlds: Int64 = 0
    #expect(unsafe edgewise_open("/no/such.yaml", nil, 0, 1, 0, &worlds) == 66)
    #expect(Self.sentence == "/no/such.yaml: there is no such file")
    let other = Thread {
      if Self.sentence != "" { Issue.record("another thread's sentence: \(Self.sentence)") }
    }
    other.start()
    while !other.isFinished { usleep(1000) }
    #expect(Self.sentence == "/no/such.yaml: there is no such file")
  }

  @Test func `an override is taken, and a wrong one named`() throws {
    func open(_ setting: String) -> Int32 {
      var worlds: Int64 = 0
      let status = unsafe setting.withCString { pointer in
        let list: [UnsafePointer<CChar>?] = unsafe [pointer]
        return unsafe edgewise_open(Self.cartPole, list, 1, 1, 0, &worlds)
      }
      if status == 0 { _ = edgewise_close(worlds) }
      return status
    }
    #expect(open("time_limit_steps=9") == 0)
    #expect(open("time_limit_steps=0") == 65 && Self.sentence.contains("time_limit_steps"))
    #expect(open("time_limit=9") == 65 && Self.sentence.contains("did you mean"))
    #expect(open("nonsense") == 64 && Self.sentence.contains("write a key's path"))
  }

  @Test func `closed and invented handles are refused by every function`() throws {
    let closed = try Self.open()
    #expect(edgewise_close(closed) == 0)
    for handle in [closed, 0, -1, .max, .min] as [Int64] {
      var (layout, json) = unsafe (Int32(0), nil as UnsafePointer<CChar>?)
      var (frame, shared) = unsafe (edgewise_group_frame(), edgewise_shared_frame())
      var (bound, known, seed, value) = (0.0, false, UInt64(0), Float(0))
      let codes = unsafe [
        edgewise_close(handle), edgewise_describe(handle, &json), edgewise_frame(handle, 0, 0, &frame),
        edgewise_shared(handle, &shared), edgewise_seed(handle, 3, 0), edgewise_seed_each(handle, 3, &seed, 1),
        edgewise_reset(handle, nil, &layout), edgewise_step(handle, &layout, nil), edgewise_play(handle, "random"),
        edgewise_act(handle), edgewise_state(handle, &value, 1), edgewise_metrics(handle, 0, &json),
        edgewise_return_bound(handle, 0, &bound, &known),
      ]
      #expect(codes.allSatisfy { $0 == 64 } && Self.sentence.contains("\(handle) is no open handle"))
    }
  }

  @Test func `groups, layouts, environments and seeds that there are not are refused`() throws {
    let worlds = try Self.open()
    defer { _ = edgewise_close(worlds) }
    var frame = unsafe edgewise_group_frame()
    for (layout, group) in [(2, 0), (-1, 0), (0, 1), (0, -1)] as [(Int32, Int32)] {
      #expect(unsafe edgewise_frame(worlds, layout, group, &frame) == 64)
    }
    var json: UnsafePointer<CChar>? = nil
    for environment in [-1, 4, .max] as [Int64] { #expect(unsafe edgewise_metrics(worlds, environment, &json) == 64) }
    var values = [Float](repeating: -1, count: 17)
    #expect(unsafe edgewise_state(worlds, &values, 17) == 64 && Self.sentence.contains("4 states have 4 each"))
    #expect(unsafe edgewise_state(worlds, &values, 16) == 0 && values[15] == 0 && values[16] == -1)
    let seeds: [UInt64] = [1, 2, 3]
    #expect(unsafe edgewise_seed_each(worlds, 3, seeds, 3) == 64 && Self.sentence.contains("3 seeds for 4"))
  }

  @Test func `a whole episode of actions that mean nothing is refused step by step`() throws {
    let worlds = try Self.open()
    defer { _ = edgewise_close(worlds) }
    var layout: Int32 = 0
    #expect(unsafe edgewise_step(worlds, &layout, nil) == 64 && Self.sentence.contains("reset it first"))
    #expect(unsafe edgewise_reset(worlds, nil, &layout) == 0)
    let frame = unsafe try Self.frame(worlds, layout)
    for wrong in [-1, 2, .max, .min] as [Int32] {
      unsafe frame.choices[3] = wrong
      #expect(unsafe edgewise_step(worlds, &layout, nil) == 64 && Self.sentence.contains("is no option"))
    }
    unsafe frame.choices[3] = 0
    #expect(unsafe edgewise_step(worlds, &layout, nil) == 0)
  }

  @Test func `threads never step the same worlds together`() throws {
    let worlds = try Self.open(Self.cartPole, 256)
    defer { _ = edgewise_close(worlds) }
    var layout: Int32 = 0
    #expect(unsafe edgewise_reset(worlds, nil, &layout) == 0)
    let threads = (0..<4).map { _ in
      Thread {
        var layout: Int32 = 0
        for _ in 0..<2000 {
          let code = unsafe edgewise_step(worlds, &layout, nil)
          if code != 0, code != 64 || !Self.sentence.contains("another thread") {
            Issue.record("\(code): \(Self.sentence)")
            return
          }
        }
      }
    }
    for thread in threads { thread.start() }
    while !threads.allSatisfy({ $0.isFinished }) { usleep(1000) }
    #expect(unsafe edgewise_step(worlds, &layout, nil) == 0)
  }
}

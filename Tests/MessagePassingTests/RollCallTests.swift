import Federation
import MessagePassing
import Testing

struct RollCallTests {
  private let work = Result<String, RollCall.Refusal>.success("the work")

  private func refusal(_ code: Int32, _ sentence: String) -> Result<String, RollCall.Refusal> {
    .failure(RollCall.Refusal(code: code, sentence: sentence))
  }

  @Test func `equal work is taken up`() {
    #expect(RollCall.judge([work, work, work], 64) == work)
  }

  @Test func `what all refuse is said once and names no process`() {
    let verdict = RollCall.judge([refusal(65, "a.yaml:3: bad"), refusal(65, "a.yaml:3: bad")], 64)
    #expect(verdict == refusal(65, "a.yaml:3: bad"))
  }

  @Test func `what some refuse names them`() {
    let one = RollCall.judge([work, work, refusal(66, "a.yaml: no such file")], 64)
    #expect(one == refusal(66, "process 2 of 3: a.yaml: no such file"))
    let two = RollCall.judge([work, refusal(66, "gone"), refusal(66, "gone")], 64)
    #expect(two == refusal(66, "processes 1, 2 of 3: gone"))
  }

  @Test func `other work than the server's is refused`() throws {
    let verdict = RollCall.judge([work, work, .success("other work")], 64)
    guard case .failure(let refusal) = verdict else {
      Issue.record("it was taken up")
      return
    }
    #expect(refusal.code == 64)
    #expect(refusal.sentence.hasPrefix("process 2 of 3"))
  }

  @Test func `answers survive the way`() {
    for answer in [work, .success(""), refusal(74, "Übel: \u{1F600}"), refusal(-1, "")] {
      #expect(RollCall.decode(RollCall.encode(answer)) == answer)
    }
  }

  @Test(arguments: [[], [0], [0, 1, 2, 3], [2, 0, 0, 0, 0, 65]])
  func `an answer that is none is a refusal`(bytes: [UInt8]) {
    guard case .failure = RollCall.decode(bytes) else {
      Issue.record("it was taken for work")
      return
    }
  }

  @Test func `in one process the answer is the verdict`() throws {
    try RollCall.answer(work, over: InProcessTransport(), mismatch: 64)
    #expect(throws: RollCall.Failure.refused(RollCall.Refusal(code: 65, sentence: "bad"))) {
      try RollCall.answer(refusal(65, "bad"), over: InProcessTransport(), mismatch: 64)
    }
  }
}

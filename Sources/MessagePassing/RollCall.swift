public import Federation

/// Whether all processes of a run are ready for the same work.
///
/// Every process says what it is about to do, in words that are equal where the work is, or why it cannot. All come to
/// the same verdict, so that all can stop in good order and one of them can say why.
public enum RollCall {
  /// Why the work cannot begin.
  public struct Refusal: Error, Sendable, Equatable {
    /// The exit code to leave with.
    public var code: Int32
    /// The sentence; it names the processes, if not all of several are concerned.
    public var sentence: String

    /// A refusal by its parts.
    public init(code: Int32, sentence: String) {
      self.code = code
      self.sentence = sentence
    }
  }

  /// What went wrong.
  public enum Failure: Error, Sendable, Equatable {
    /// The verdict: known to all.
    case refused(Refusal)
    /// The processes cannot talk to each other.
    case lost(String)
  }

  /// Tells the others what this process is about to do, or why it cannot, and learns whether all are ready.
  ///
  /// - Parameters:
  ///   - work: what this process is about to do.
  ///   - mismatch: the exit code where the processes are about to do different things.
  public static func answer(_ work: Result<String, Refusal>, over transport: some Transport, mismatch: Int32)
    throws(Failure)
  {
    do {
      let answers = try transport.gather(encode(work))
      let verdict = transport.process == 0 ? encode(judge(answers.map(decode), mismatch)) : []
      let heard = try transport.scatter([[UInt8]](repeating: verdict, count: transport.processes))
      if case .failure(let refusal) = decode(heard) { throw Failure.refused(refusal) }
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .lost("\(error)")
    }
  }

  /// The first refusal, or that of a process whose work is another than the server's.
  package static func judge(_ answers: [Result<String, Refusal>], _ mismatch: Int32) -> Result<String, Refusal> {
    for answer in answers {
      guard case .failure(var refusal) = answer else { continue }
      let same = answers.indices.filter { answers[$0] == answer }
      if same.count < answers.count {
        let names = same.map { "\($0)" }.joined(separator: ", ")
        refusal.sentence = "process\(same.count == 1 ? "" : "es") \(names) of \(answers.count): \(refusal.sentence)"
      }
      return .failure(refusal)
    }
    if let other = answers.firstIndex(where: { $0 != answers[0] }) {
      return .failure(
        Refusal(
          code: mismatch,
          sentence: "process \(other) of \(answers.count) is about to do something else than process 0; all need the "
            + "same program, the same files and the same arguments"))
    }
    return answers[0]
  }

  /// 1 and the words, or 0, the code in four bytes, and the sentence.
  package static func encode(_ answer: Result<String, Refusal>) -> [UInt8] {
    switch answer {
    case .success(let work): return [1] + Array(work.utf8)
    case .failure(let refusal):
      let code = UInt32(bitPattern: refusal.code)
      return [0] + (0..<4).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) } + Array(refusal.sentence.utf8)
    }
  }

  package static func decode(_ bytes: [UInt8]) -> Result<String, Refusal> {
    if bytes.first == 1 { return .success(String(decoding: bytes.dropFirst(), as: UTF8.self)) }
    guard bytes.count >= 5, bytes[0] == 0 else {
      return .failure(Refusal(code: 70, sentence: "an answer that cannot be read"))
    }
    let code = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[1 + $1]) << (8 * UInt32($1)) }
    return .failure(
      Refusal(code: Int32(bitPattern: code), sentence: String(decoding: bytes.dropFirst(5), as: UTF8.self)))
  }
}

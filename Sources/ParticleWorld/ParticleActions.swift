import ReinforcementLearning

/// Where the actions of one agent stand, one row a lane.
struct ActionRows {
  /// The index of the first lane's first value.
  let first: Int
  /// Values from one lane's to the next.
  let stride: Int
  /// Lanes in use, 1 to 4; the others do nothing.
  let lanes: Int

  @inline(__always)
  func choices(_ values: Span<Int32>) -> SIMD4<Int32> {
    if lanes == 4 {
      return SIMD4(values[first], values[first + stride], values[first + 2 * stride], values[first + 3 * stride])
    }
    var result = SIMD4<Int32>.zero
    for lane in 0..<lanes { result[lane] = values[first + lane * stride] }
    return result
  }

  /// One value of each action, cut to 0 … 1.
  @inline(__always)
  func numbers(_ values: Span<Float>, _ place: Int) -> SIMD4<Float> {
    var result = SIMD4<Float>.zero
    if lanes == 4 {
      let start = first + place
      result = SIMD4(values[start], values[start + stride], values[start + 2 * stride], values[start + 3 * stride])
    } else {
      for lane in 0..<lanes { result[lane] = values[first + place + lane * stride] }
    }
    return result.clamped(lowerBound: .zero, upperBound: .one)
  }
}

extension ParticleSetup {
  /// Real numbers in an action of a group.
  func values(of part: Part) -> Int { part.role == .moves ? 5 : layout.words }

  /// The actions of a group: where to push or which word to say.
  func actionSpace(of role: Role) -> ActionSpace {
    switch (role, isContinuous) {
    case (.moves, false): .discrete(labels: ["stay", "push left", "push right", "push down", "push up"])
    case (.moves, true): .box([ClosedRange<Float>](repeating: 0...1, count: 5))
    case (.speaks, false): .discrete(labels: (0..<layout.words).map { "say word \($0)" })
    case (.speaks, true): .box([ClosedRange<Float>](repeating: 0...1, count: layout.words))
    }
  }

  /// Sets an agent's forces or what it says.
  @inline(__always)
  func take(
    _ rows: ActionRows, of agent: Int, _ role: Role, choices: Span<Int32>, numbers: Span<Float>,
    forces: inout MutableSpan<Lanes>, block: inout MutableSpan<Lanes>
  ) {
    switch role {
    case .moves:
      let push = agents[agent].push
      if isContinuous {
        // The differences of single precision, as the peers take them.
        forces[agent] = push * Lanes(rows.numbers(numbers, 2) - rows.numbers(numbers, 1))
        forces[agents.count + agent] = push * Lanes(rows.numbers(numbers, 4) - rows.numbers(numbers, 3))
      } else {
        let chosen = Lanes(rows.choices(choices))
        forces[agent] = Self.push(push, chosen, less: 1, more: 2)
        forces[agents.count + agent] = Self.push(push, chosen, less: 3, more: 4)
      }
    case .speaks:
      forces[agent] = .zero
      forces[agents.count + agent] = .zero
      let chosen = isContinuous ? .zero : rows.choices(choices)
      for word in 0..<layout.words {
        let isSaid = chosen .== Int32(word)
        block[layout.word(word)] = Lanes(
          isContinuous ? rows.numbers(numbers, word) : SIMD4<Float>.zero.replacing(with: 1, where: isSaid))
      }
    }
  }

  @inline(__always)
  private static func push(_ push: Double, _ chosen: Lanes, less: Double, more: Double) -> Lanes {
    Lanes.zero.replacing(with: -push, where: chosen .== less).replacing(with: push, where: chosen .== more)
  }
}

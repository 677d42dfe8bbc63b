extension Network {
  /// Gives each layer with state its columns of `workspace.state`.
  func takeState(rows: Int, steps: Int, in workspace: inout Workspace) {
    let sequences = rows / steps
    let all = workspace.state
    let state = all.span
    var offset = 0
    for index in 0..<layers.count where layers[index].stateCount > 0 {
      let width = layers[index].stateCount
      workspace.layers[index].steps = steps
      var own = workspace.layers[index].states.mutableSpan
      for sequence in 0..<sequences {
        for column in 0..<width {
          own[sequence * width + column] = state[sequence * stateCount + offset + column]
        }
      }
      offset += width
    }
  }

  /// Writes the outputs of the last step of each layer with state to its columns of `workspace.state`.
  func leaveState(rows: Int, steps: Int, in workspace: inout Workspace) {
    let sequences = rows / steps
    var offset = 0
    for index in 0..<layers.count where layers[index].stateCount > 0 {
      let width = layers[index].stateCount
      let outputs = workspace.layers[index].outputs
      let last = outputs.span.extracting((rows - sequences) * width..<rows * width)
      var state = workspace.state.mutableSpan
      for sequence in 0..<sequences {
        for column in 0..<width {
          state[sequence * stateCount + offset + column] = last[sequence * width + column]
        }
      }
      offset += width
    }
  }
}

internal import LinearAlgebra

extension Network {
  /// Propagates the derivatives in `workspace.outputGradients` back to the parameters.
  ///
  /// It belongs to the last forward pass in this workspace, with the same parameters and inputs; it may take
  /// fewer rows than that did, the leading ones. The gradient is overwritten, not added to, and is the sum
  /// over rows: a mean is the caller's factor in the output gradients. The derivatives with respect to the
  /// inputs come with it, in `workspace.inputGradients`, if the workspace has room for them; else they are
  /// not computed, nor need those be that `workspace.wantedInputs` leaves out. A network with state takes all rows of the forward pass, goes back through all steps, and
  /// takes the state before the first as a constant. Allocates nothing.
  ///
  /// - Parameters:
  ///   - parameters: `layout.count` elements.
  ///   - inputs: `[rows, inputCount]`, row-major; further elements are ignored.
  ///   - rows: How many leading rows contribute.
  ///   - workspace: A training workspace.
  ///   - gradient: `layout.count` elements, overwritten.
  public func backward(
    _ parameters: Span<Float>, _ inputs: Span<Float>, rows: Int,
    in workspace: inout Workspace, gradient: inout MutableSpan<Float>
  ) {
    check(parameters.count, inputs.count, rows, workspace)
    checkSequences(rows, workspace)
    precondition(workspace.isTraining, "a backward pass needs a training workspace")
    precondition(
      gradient.count == layout.count, "a gradient of \(gradient.count) for a network of \(layout.count)")
    flushingSubnormals {
      workspace.exchangeOutputs()
      for index in (0..<layers.count).reversed() {
        layers[index].beginBackward(
          parameters.extracting(ranges[index]), rows: rows, in: &workspace.layers[index])
        if index == 0 {
          let given = inputs.extracting(0..<rows * inputCount)
          gradient.withPart(ranges[index]) { part in
            layers[index].differentiateParameters(
              given, rows: rows, in: workspace.layers[index], gradient: &part)
          }
        } else {
          let below = workspace.layers[index - 1].outputs
          let given = below.span.extracting(0..<rows * layers[index].inputCount)
          gradient.withPart(ranges[index]) { part in
            layers[index].differentiateParameters(
              given, rows: rows, in: workspace.layers[index], gradient: &part)
          }
        }
        differentiateInputs(of: index, parameters, rows: rows, in: &workspace)
      }
      workspace.exchangeOutputs()
    }
  }

  /// Propagates back to the parameters; see ``backward(_:_:rows:in:gradient:)-(Span<Float>,_,_,_,_)``.
  public func backward(
    _ parameters: ParameterVector, _ inputs: Span<Float>, rows: Int,
    in workspace: inout Workspace, gradient: inout ParameterVector
  ) {
    var values = gradient.values.mutableSpan
    backward(parameters.values.span, inputs, rows: rows, in: &workspace, gradient: &values)
  }

  /// Propagates back to the parameters; see ``backward(_:_:rows:in:gradient:)-(Span<Float>,_,_,_,_)``.
  public func backward(
    _ parameters: ParameterVector, _ inputs: [Float], rows: Int,
    in workspace: inout Workspace, gradient: inout ParameterVector
  ) {
    var values = gradient.values.mutableSpan
    backward(parameters.values.span, inputs.span, rows: rows, in: &workspace, gradient: &values)
  }

  /// Propagates the derivatives in `workspace.outputGradients` back to `workspace.inputGradients` only.
  ///
  /// What an actor needs of its critic: half the products of a whole backward pass. It belongs to the last
  /// forward pass in this workspace and takes as many rows or fewer. Allocates nothing.
  /// - Precondition: The workspace has input gradients.
  public func backwardToInputs(_ parameters: Span<Float>, rows: Int, in workspace: inout Workspace) {
    check(parameters.count, rows * inputCount, rows, workspace)
    checkSequences(rows, workspace)
    precondition(workspace.hasInputGradients, "the workspace was made without input gradients")
    flushingSubnormals {
      workspace.exchangeOutputs()
      for index in (0..<layers.count).reversed() {
        layers[index].beginBackward(
          parameters.extracting(ranges[index]), rows: rows, in: &workspace.layers[index])
        differentiateInputs(of: index, parameters, rows: rows, in: &workspace)
      }
      workspace.exchangeOutputs()
    }
  }

  /// Propagates back to the inputs; see ``backwardToInputs(_:rows:in:)-(Span<Float>,_,_)``.
  public func backwardToInputs(_ parameters: ParameterVector, rows: Int, in workspace: inout Workspace) {
    backwardToInputs(parameters.values.span, rows: rows, in: &workspace)
  }

  private func checkSequences(_ rows: Int, _ workspace: borrowing Workspace) {
    precondition(
      stateCount == 0 || rows == workspace.rows,
      "a network with state went forward with \(workspace.rows) rows and cannot go back with \(rows)")
  }

  /// Writes the derivatives with respect to a layer's inputs where the layer below, or the caller, reads
  /// them.
  private func differentiateInputs(
    of index: Int, _ parameters: Span<Float>, rows: Int, in workspace: inout Workspace
  ) {
    if index == 0 && workspace.wantedInputs.isEmpty { return }
    var storage: [Float] = []
    if index == 0 {
      swap(&storage, &workspace.inputGradients)
    } else {
      swap(&storage, &workspace.layers[index - 1].gradients)
    }
    var whole = storage.mutableSpan
    let own = parameters.extracting(ranges[index])
    whole.withPart(0..<rows * layers[index].inputCount) { part in
      if index == 0, case .dense(let layer) = layers[0] {
        layer.differentiateInputs(
          own, columns: workspace.wantedInputs, rows: rows, in: workspace.layers[0], into: &part)
      } else {
        layers[index].differentiateInputs(own, rows: rows, in: workspace.layers[index], into: &part)
      }
    }
    if index == 0 {
      swap(&storage, &workspace.inputGradients)
    } else {
      swap(&storage, &workspace.layers[index - 1].gradients)
    }
  }
}

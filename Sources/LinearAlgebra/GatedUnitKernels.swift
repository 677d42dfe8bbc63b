/// One step of gated recurrent units, for every row of a batch.
///
/// `r = σ(xᵣ + hᵣ)`, `z = σ(x_z + h_z)`, `n = tanh(xₙ + r ∘ hₙ)`, `h' = n + z ∘ (h - n)`, where x are the
/// products of the inputs and h those of the state, each with its bias.
///
/// - Parameters:
///   - gates: `[rows, 3 · hidden]`, the products of the inputs in the order r, z, n; becomes the gates.
///   - recurrent: The products of the state, of the same shape; their biases are added.
///   - inputBiases: `[3 · hidden]`.
///   - stateBiases: `[3 · hidden]`.
///   - state: The state before, `[rows, hidden]`.
///   - next: The state behind, `[rows, hidden]`, overwritten.
public func advanceGatedUnits(
  gates: inout MutableSpan<Float>, recurrent: inout MutableSpan<Float>, inputBiases: Span<Float>,
  stateBiases: Span<Float>, state: Span<Float>, into next: inout MutableSpan<Float>
) {
  let hidden = inputBiases.count / 3
  precondition(
    hidden > 0 && inputBiases.count == 3 * hidden && stateBiases.count == 3 * hidden
      && state.count % hidden == 0 && next.count == state.count && gates.count == 3 * state.count
      && recurrent.count == gates.count,
    "\(gates.count) and \(recurrent.count) products do not advance \(state.count) states of \(hidden) units")
  addToRows(of: &gates, inputBiases) { $0 }
  addToRows(of: &recurrent, stateBiases) { $0 }
  unsafe gates.withUnsafeMutableBufferPointer { gates in
    unsafe recurrent.withUnsafeMutableBufferPointer { recurrent in
      unsafe state.withUnsafeBufferPointer { state in
        unsafe next.withUnsafeMutableBufferPointer { next in
          guard let gates = gates.baseAddress, let recurrent = recurrent.baseAddress,
            let state = state.baseAddress, let end = next.baseAddress
          else { return }
          for row in 0..<next.count / hidden {
            let r = unsafe gates + row &* 3 &* hidden
            let (z, n) = unsafe (r + hidden, r + 2 &* hidden)
            let product = unsafe recurrent + row &* 3 &* hidden
            let (before, behind) = unsafe (state + row &* hidden, end + row &* hidden)
            for unit in 0..<2 &* hidden {
              unsafe r[unit] = Vectorizable.sigmoid(r[unit] + product[unit])
            }
            for unit in 0..<hidden {
              unsafe n[unit] = Vectorizable.tanh(n[unit] + r[unit] * product[2 &* hidden &+ unit])
            }
            for unit in 0..<hidden {
              unsafe behind[unit] = n[unit] + z[unit] * (before[unit] - n[unit])
            }
          }
        }
      }
    }
  }
}

/// One step back through ``advanceGatedUnits(gates:recurrent:inputBiases:stateBiases:state:into:)``.
///
/// - Parameters:
///   - gradients: Derivatives with respect to the state behind from outside, `[rows, hidden]`.
///   - carry: Those from the step behind; becomes `dh ∘ z`, the direct part of those of the state before.
///   - gates: What the step forward left.
///   - recurrent: What the step forward left.
///   - state: The state before.
///   - inputGradients: Derivatives with respect to the products of the inputs, `[rows, 3 · hidden]`, overwritten.
///   - stateGradients: Those of the products of the state, overwritten.
public func differentiateGatedUnits(
  _ gradients: Span<Float>, carry: inout MutableSpan<Float>, gates: Span<Float>, recurrent: Span<Float>,
  state: Span<Float>, hidden: Int, inputGradients: inout MutableSpan<Float>,
  stateGradients: inout MutableSpan<Float>
) {
  let count = gradients.count
  precondition(
    hidden > 0 && count % hidden == 0 && carry.count == count && state.count == count
      && gates.count == 3 * count && recurrent.count == 3 * count && inputGradients.count == 3 * count
      && stateGradients.count == 3 * count,
    "\(gates.count) gates do not give the derivatives of \(count) states of \(hidden) units")
  unsafe gradients.withUnsafeBufferPointer { gradients in
    unsafe carry.withUnsafeMutableBufferPointer { carry in
      unsafe gates.withUnsafeBufferPointer { gates in
        unsafe recurrent.withUnsafeBufferPointer { recurrent in
          unsafe state.withUnsafeBufferPointer { state in
            unsafe inputGradients.withUnsafeMutableBufferPointer { inputGradients in
              unsafe stateGradients.withUnsafeMutableBufferPointer { stateGradients in
                guard let gradients = gradients.baseAddress, let carry = carry.baseAddress,
                  let gates = gates.baseAddress, let recurrent = recurrent.baseAddress,
                  let state = state.baseAddress, let ofInputs = inputGradients.baseAddress,
                  let ofState = stateGradients.baseAddress
                else { return }
                for row in 0..<count / hidden {
                  let (one, three) = (row &* hidden, row &* 3 &* hidden)
                  for unit in 0..<hidden {
                    let (i, j) = (one &+ unit, three &+ unit)
                    let (k, l) = (j &+ hidden, j &+ 2 &* hidden)
                    let (r, z, n) = unsafe (gates[j], gates[k], gates[l])
                    let dh = unsafe gradients[i] + carry[i]
                    let dn = dh * (1 - z) * (1 - n * n)
                    let dz = unsafe dh * (state[i] - n) * z * (1 - z)
                    let dr = unsafe dn * recurrent[l] * r * (1 - r)
                    unsafe (ofInputs[j], ofInputs[k], ofInputs[l]) = (dr, dz, dn)
                    unsafe (ofState[j], ofState[k], ofState[l]) = (dr, dz, dn * r)
                    unsafe carry[i] = dh * z
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}

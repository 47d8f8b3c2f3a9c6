import IR
import Operations
import Semantics
import Support
import Syntax

/// The training step as a graph that an outside solver can schedule; what `cgadc dump --stage grad --format json` prints.
package struct GraphDump: Encodable, Sendable {

  package struct Value: Encodable, Sendable {
    package let id: Int
    package let name: String
    package let bytes: Int

    /// `input`, `param`, `state` (an optimizer's slot), `activation` or `gradient`.
    package let kind: String
  }

  package struct Operation: Encodable, Sendable {
    package let id: Int
    package let op: String
    package let inputs: [Int]
    package let outputs: [Int]
    package let flops: Int
    package let workspaceBytes: Int
    package let pass: String
    package let recomputable: Bool

    private enum CodingKeys: String, CodingKey {
      case id, op, inputs, outputs, flops, pass, recomputable
      case workspaceBytes = "workspace_bytes"
    }
  }

  package let values: [Value]

  package let ops: [Operation]

  /// - Complexity: O(*n*) where *n* is the number of operands.
  init(_ module: Module, _ workspace: WorkspaceModel) {
    let f = module.train
    let start = f.backwardStart?.index ?? f.instructions.count
    values = f.values.enumerated().map { (i, v) in
      .init(id: i, name: v.name, bytes: v.type.size.value, kind: Self.kind(of: v, module, backwardStart: start))
    }
    ops = f.instructionIDs.map { (id) in
      let i = f[id]
      let isUpdate = i.operation.effect == .update
      return .init(
        id: id.index, op: i.operation.mnemonic, inputs: i.operands.map(\.index), outputs: i.results.map(\.index),
        flops: CostModel.flops.cost(of: id, in: f),
        workspaceBytes: workspace.bytes(of: i.operation, i.operands.map { f[$0].type }),
        pass: isUpdate ? "update" : id.index < start ? "forward" : "backward", recomputable: i.operation.isRecomputable)
    }
  }

  private static func kind(of v: IR.Value, _ module: Module, backwardStart: Int) -> String {
    switch v.origin {
    case .instruction(let i): return i.index < backwardStart ? "activation" : "gradient"
    case .storage(let s):
      switch module[s].kind {
      case .parameter, .frozen: return "param"
      case .slot, .state: return "state"
      case .gradient: return "gradient"
      case .input: return "input"
      }
    }
  }

}

extension Compilation {

  /// Returns the graph of the training step.
  package func graph() throws(CompileFailure) -> GraphDump {
    .init(try differentiated().module, options.workspaceModel)
  }

  /// Returns the text of the syntax tree.
  package func treeText() throws(CompileFailure) -> String { try tree().dump(in: file) }

  /// Returns the text of the forward programs.
  package func forwardText() throws(CompileFailure) -> String { try lowered().module.text }

  /// Returns the text of the programs with backward and updates.
  package func gradientText() throws(CompileFailure) -> String { try differentiated().module.text }

}

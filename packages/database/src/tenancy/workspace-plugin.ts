// The structural wall between tenants: every statement of a bound handle is rewritten to its workspace, on the
// syntax tree, before it is compiled. What cannot be rewritten safely is refused.
import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
} from 'kysely'
import type { DataMap } from '../package-schema.ts'
import { createBinder } from './bind-statement.ts'

/** Binds a builder to one workspace. */
export function workspacePlugin(workspaceId: string, dataMap: DataMap): KyselyPlugin {
  const transformer = new WorkspaceTransformer(workspaceId, dataMap)
  return {
    transformQuery: ({ node, queryId }: PluginTransformQueryArgs) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }: PluginTransformResultArgs) => result,
  }
}

// Kysely's own extension point is a class; each override binds one kind of statement, nested ones included.
class WorkspaceTransformer extends OperationNodeTransformer {
  readonly #bind

  constructor(workspaceId: string, dataMap: DataMap) {
    super()
    this.#bind = createBinder(workspaceId, dataMap)
  }

  protected override transformSelectQuery(
    ...[node, queryId]: Parameters<OperationNodeTransformer['transformSelectQuery']>
  ) {
    return this.#bind.select(super.transformSelectQuery(node, queryId))
  }

  protected override transformInsertQuery(
    ...[node, queryId]: Parameters<OperationNodeTransformer['transformInsertQuery']>
  ) {
    return this.#bind.insert(super.transformInsertQuery(node, queryId))
  }

  protected override transformUpdateQuery(
    ...[node, queryId]: Parameters<OperationNodeTransformer['transformUpdateQuery']>
  ) {
    return this.#bind.update(super.transformUpdateQuery(node, queryId))
  }

  protected override transformDeleteQuery(
    ...[node, queryId]: Parameters<OperationNodeTransformer['transformDeleteQuery']>
  ) {
    return this.#bind.delete(super.transformDeleteQuery(node, queryId))
  }

  protected override transformMergeQuery(
    ...[node]: Parameters<OperationNodeTransformer['transformMergeQuery']>
  ): ReturnType<OperationNodeTransformer['transformMergeQuery']> {
    return this.#bind.refuse(`${node.kind} is not offered in a workspace-bound handle.`)
  }

  protected override transformRaw(...[node, queryId]: Parameters<OperationNodeTransformer['transformRaw']>) {
    this.#bind.checkRaw(node)
    return super.transformRaw(node, queryId)
  }
}

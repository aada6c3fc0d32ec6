// How each kind of statement is bound to one workspace. Pure: syntax tree in, syntax tree out.
import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  OnNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  PrimitiveValueListNode,
  type RawNode,
  ReferenceNode,
  type SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import { databaseError } from '../database-error.ts'
import type { DataMap } from '../package-schema.ts'

const workspaceColumn = 'workspace_id'

// A raw fragment may compute, but never open a second way to a table.
const statementWords =
  /\b(select|insert|update|delete|from|join|merge|with|into|table|pragma|attach|copy|call)\b/i

export function createBinder(workspaceId: string, dataMap: DataMap) {
  function refuse(message: string): never {
    throw databaseError('system_handle_required', message)
  }

  function tenancyOf(table: TableNode): 'global' | 'tenant' {
    const name = table.table.identifier.name
    const declaration = Object.hasOwn(dataMap, name) ? dataMap[name] : undefined
    if (!declaration || table.table.schema) return refuse(`The table ${name} is in no data map.`)
    return declaration.tenancy
  }

  /** The name by which a statement refers to a tenant table, or undefined for anything that needs no predicate. */
  function boundReference(node: OperationNode): IdentifierNode | undefined {
    if (AliasNode.is(node)) {
      if (!TableNode.is(node.node)) return undefined
      const bound = tenancyOf(node.node) === 'tenant'
      if (!bound) return undefined
      return IdentifierNode.is(node.alias) ? node.alias : refuse('An alias must be a plain name.')
    }
    if (!TableNode.is(node)) return undefined
    return tenancyOf(node) === 'tenant' ? node.table.identifier : undefined
  }

  function predicate(reference: IdentifierNode): OperationNode {
    return BinaryOperationNode.create(
      ReferenceNode.create(ColumnNode.create(workspaceColumn), TableNode.create(reference.name)),
      OperatorNode.create('='),
      ValueNode.create(workspaceId),
    )
  }

  function bindWhere(where: WhereNode | undefined, sources: readonly OperationNode[]): WhereNode | undefined {
    let bound = where
    for (const source of sources) {
      const reference = boundReference(source)
      if (!reference) continue
      // The caller's own condition is put in parentheses: `a or b` must not reach past the predicate.
      bound = bound
        ? WhereNode.create(AndNode.create(predicate(reference), ParensNode.create(bound.where)))
        : WhereNode.create(predicate(reference))
    }
    return bound
  }

  function bindJoin(join: JoinNode): JoinNode {
    const reference = boundReference(join.table)
    if (!reference) return join
    if (join.joinType === 'FullJoin' || join.joinType === 'RightJoin') {
      refuse('A right or full join cannot be bound to a workspace.')
    }
    // In ON, not WHERE: a left join must keep its unmatched rows.
    const on = join.on
      ? OnNode.create(AndNode.create(predicate(reference), ParensNode.create(join.on.on)))
      : OnNode.create(predicate(reference))
    const bindable = join.joinType === 'CrossJoin' ? { ...join, joinType: 'InnerJoin' as const } : join
    return { ...bindable, on }
  }

  const bindJoins = (joins: readonly JoinNode[] | undefined) => joins?.map(bindJoin)

  function withOptional<T extends object, K extends string, V>(node: T, key: K, value: V | undefined): T {
    return value === undefined ? node : { ...node, [key]: value }
  }

  function refuseForeignColumns(updates: readonly ColumnUpdateNode[] | undefined): void {
    for (const { column } of updates ?? []) {
      const name = ReferenceNode.is(column) ? column.column : column
      if (ColumnNode.is(name) && name.column.name === workspaceColumn) {
        throw databaseError('workspace_mismatch', 'A row never moves to another workspace.')
      }
      if (!ColumnNode.is(name)) refuse('An update must name its columns.')
    }
  }

  function requireTenant(table: TableNode): IdentifierNode {
    const reference = boundReference(table)
    return (
      reference ??
      refuse(`The global table ${table.table.identifier.name} is written through the system handle.`)
    )
  }

  function single(nodes: readonly OperationNode[]): OperationNode {
    const [first, ...others] = nodes
    return first && others.length === 0 ? first : refuse('A write must name exactly one table.')
  }

  function targetReference(node: OperationNode): IdentifierNode {
    if (AliasNode.is(node) && TableNode.is(node.node)) requireTenant(node.node)
    else if (TableNode.is(node)) requireTenant(node)
    return boundReference(node) ?? refuse('A write must name a table.')
  }

  function select(node: SelectQueryNode): SelectQueryNode {
    const sources = node.from?.froms ?? []
    const where = bindWhere(node.where, sources)
    return withOptional(withOptional(node, 'where', where), 'joins', bindJoins(node.joins))
  }

  function update(node: UpdateQueryNode): UpdateQueryNode {
    if (!node.table) return refuse('An update must name its table.')
    targetReference(node.table)
    refuseForeignColumns(node.updates)
    const where = bindWhere(node.where, [node.table, ...(node.from?.froms ?? [])])
    return withOptional(withOptional(node, 'where', where), 'joins', bindJoins(node.joins))
  }

  function deleteFrom(node: DeleteQueryNode): DeleteQueryNode {
    const target = single(node.from.froms)
    targetReference(target)
    const where = bindWhere(node.where, [target, ...(node.using?.tables ?? [])])
    return withOptional(withOptional(node, 'where', where), 'joins', bindJoins(node.joins))
  }

  function insert(node: InsertQueryNode): InsertQueryNode {
    if (!node.into) return refuse('An insert must name its table.')
    const reference = requireTenant(node.into)
    if (!node.columns || !node.values || !ValuesNode.is(node.values)) {
      return refuse('An insert must list its values.')
    }
    if (node.replace || (node.orAction && node.orAction.action !== 'ignore')) {
      return refuse('REPLACE could overwrite a row of another workspace.')
    }
    const position = node.columns.findIndex(({ column }) => column.name === workspaceColumn)
    const bound =
      position < 0
        ? {
            ...node,
            columns: [...node.columns, ColumnNode.create(workspaceColumn)],
            values: ValuesNode.create(node.values.values.map(appendWorkspace)),
          }
        : node
    if (position >= 0) for (const row of node.values.values) checkWorkspace(row, position)
    return bindConflict(bound, reference)
  }

  function appendWorkspace(
    row: PrimitiveValueListNode | ValueListNode,
  ): PrimitiveValueListNode | ValueListNode {
    return PrimitiveValueListNode.is(row)
      ? PrimitiveValueListNode.create([...row.values, workspaceId])
      : ValueListNode.create([...row.values, ValueNode.create(workspaceId)])
  }

  function checkWorkspace(row: PrimitiveValueListNode | ValueListNode, position: number): void {
    const item: unknown = row.values[position]
    const value =
      typeof item === 'object' &&
      item !== null &&
      'kind' in item &&
      item.kind === 'ValueNode' &&
      'value' in item
        ? item.value
        : item
    if (value !== workspaceId) {
      throw databaseError(
        'workspace_mismatch',
        'The row names another workspace than the handle is bound to.',
      )
    }
  }

  function bindConflict(node: InsertQueryNode, reference: IdentifierNode): InsertQueryNode {
    if (node.onDuplicateKey) return refuse('ON DUPLICATE KEY is not offered.')
    const conflict = node.onConflict
    if (!conflict || conflict.doNothing) return node
    refuseForeignColumns(conflict.updates)
    const own = predicate(reference)
    const updateWhere = conflict.updateWhere
      ? WhereNode.create(AndNode.create(own, ParensNode.create(conflict.updateWhere.where)))
      : WhereNode.create(own)
    return { ...node, onConflict: { ...conflict, updateWhere } }
  }

  function checkRaw(node: RawNode): void {
    if (node.sqlFragments.some((fragment) => statementWords.test(fragment))) {
      refuse('Raw SQL in a workspace-bound handle may hold expressions only, no statements.')
    }
  }

  return { select, insert, update, delete: deleteFrom, checkRaw, refuse }
}

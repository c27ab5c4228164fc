import type { Condition, FactCondition } from './model';

/** The condition of a rule as the editor shows it: groups and facts with keys, so that what is being typed in stays where it is. */

export type GroupKind = 'all' | 'any' | 'none';
export interface GroupNode { key: number; kind: GroupKind; children: TreeNode[] }
export interface FactNode { key: number; condition: FactCondition }
export type TreeNode = GroupNode | FactNode;

let lastKey = 0;
const nextKey = (): number => ++lastKey;

export const isGroup = (node: TreeNode): node is GroupNode => 'children' in node;
export const groupNode = (kind: GroupKind, children: TreeNode[] = []): GroupNode => ({ key: nextKey(), kind, children });
export const factNode = (condition: FactCondition): FactNode => ({ key: nextKey(), condition });

/** The tree of a condition; a rule without one has an empty group, a single fact stands in a group of its own. */
export function treeOf(when: Condition | null | undefined): GroupNode {
  if (!when) return groupNode('all');
  const node = nodeOf(when);
  return isGroup(node) ? node : groupNode('all', [node]);
}

function nodeOf(condition: Condition): TreeNode {
  if ('all' in condition) return groupNode('all', condition.all.map(nodeOf));
  if ('any' in condition) return groupNode('any', condition.any.map(nodeOf));
  if ('not' in condition) {
    // "None of these" is written as not-any; with one condition the any is left out.
    const inner = condition.not;
    return groupNode('none', 'any' in inner ? inner.any.map(nodeOf) : [nodeOf(inner)]);
  }
  return factNode(condition);
}

/** The condition of a tree; undefined for an empty one, which always holds. */
export function conditionOf(root: GroupNode): Condition | undefined {
  return root.children.length === 0 ? undefined : written(root);
}

function written(node: TreeNode): Condition {
  if (!isGroup(node)) return node.condition;
  const children = node.children.map(written);
  if (node.kind === 'all') return { all: children };
  if (node.kind === 'any') return { any: children };
  // A group of none within itself would be read back as one with its conditions outside: it keeps its any.
  const [only] = children;
  return { not: children.length === 1 && only && !('any' in only) ? only : { any: children } };
}

/** Where each node stands in the document, below the rule: what the server names in an error. */
export function fieldsOf(root: GroupNode, field = 'when'): Map<number, string> {
  const found = new Map<number, string>();
  const visit = (node: TreeNode, path: string): void => {
    found.set(node.key, path);
    if (!isGroup(node)) return;
    const one = node.kind === 'none' && 'not' in (written(node) as object) && !('any' in (written(node) as { not: object }).not);
    node.children.forEach((child, index) => visit(child, node.kind === 'none' ? (one ? `${path}.not` : `${path}.not.any[${index}]`) : `${path}.${node.kind}[${index}]`));
  };
  visit(root, field);
  return found;
}

export function addTo(root: GroupNode, group: number, node: TreeNode): GroupNode {
  return change(root, group, (found) => (isGroup(found) ? { ...found, children: [...found.children, node] } : found)) as GroupNode;
}

export function setKind(root: GroupNode, group: number, kind: GroupKind): GroupNode {
  return change(root, group, (found) => (isGroup(found) ? { ...found, kind } : found)) as GroupNode;
}

export function setFact(root: GroupNode, key: number, condition: FactCondition): GroupNode {
  return change(root, key, (found) => (isGroup(found) ? found : { ...found, condition })) as GroupNode;
}

/** Without a node; a group that it leaves empty goes with it, since an empty group says nothing. */
export function without(root: GroupNode, key: number): GroupNode {
  const pruned = (node: TreeNode): TreeNode | null => {
    if (node.key === key) return null;
    if (!isGroup(node)) return node;
    const children = node.children.map(pruned).filter((child) => child !== null);
    return children.length === 0 && node.children.length > 0 ? null : { ...node, children };
  };
  const left = root.children.map(pruned).filter((child) => child !== null);
  return { ...root, children: left };
}

function change(node: TreeNode, key: number, by: (found: TreeNode) => TreeNode): TreeNode {
  if (node.key === key) return by(node);
  return isGroup(node) ? { ...node, children: node.children.map((child) => change(child, key, by)) } : node;
}

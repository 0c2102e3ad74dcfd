/** Reads what is rendered as a person would. */

import type { RenderedNode } from "@hubspot/ui-extensions/testing";

/** Every text below a node, in order. */
export function texts(node: RenderedNode): string[] {
  if (node.nodeType === "text") return [node.text];
  return node.childNodes.flatMap(texts);
}

export function all(node: RenderedNode): string {
  return texts(node).join(" | ");
}

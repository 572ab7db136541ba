/** Strings, block strings and comments, in which brackets have no meaning. */
const NO_BRACKETS = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*/g;
const OPENING = new Set(['{', '[', '(']);
const CLOSING = new Set(['}', ']', ')']);

/** Returns the deepest nesting of brackets in an operation's text, by which a parser uses the stack. */
export function bracketDepth(text: string): number {
  let open = 0;
  let deepest = 0;
  for (const character of text.replace(NO_BRACKETS, ' ')) {
    if (OPENING.has(character)) deepest = Math.max(deepest, (open += 1));
    else if (CLOSING.has(character)) open -= 1;
  }
  return deepest;
}

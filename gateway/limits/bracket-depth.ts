/** Strings, block strings and comments, in which brackets open nothing. */
const NO_BRACKETS = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*/g;
const OPENING = new Set(['{', '[', '(']);
const CLOSING = new Set(['}', ']', ')']);

/** How many brackets of an operation's text are open at once. Whoever parses the text needs so much of the stack. */
export function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text.replace(NO_BRACKETS, ' ')) {
    if (OPENING.has(character)) most = Math.max(most, (open += 1));
    else if (CLOSING.has(character)) open -= 1;
  }
  return most;
}

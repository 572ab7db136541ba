/** Texts that clients send: which cannot be stored or would deceive a reader. */
export { checkTextArguments } from './arguments.js';
export { identifyingText } from './identifying-text.js';

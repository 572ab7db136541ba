import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from './tracing.js';

const current = new AsyncLocalStorage<Span>();

/** Returns the span of the work at hand; undefined where nothing is traced. */
export function currentSpan(): Span | undefined {
  return current.getStore();
}

/** Does it as a part of the span, with everything that follows from it. Without a span, plainly. */
export function within<T>(span: Span | undefined, act: () => T): T {
  return span ? current.run(span, act) : act();
}

/** The one function of react-dom the page uses; the package itself ships no types. */
declare module 'react-dom/client' {
  import type { ReactNode } from 'react';
  export function createRoot(container: Element): { render(node: ReactNode): void };
}

declare module '*.css';

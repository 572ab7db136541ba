/**
 * Names of the gateway's own for what a client selects. The planner fetches keys, and what other fields require, under
 * their own names and without asking who may see them; the data of a result holds them beside what the client wants.
 */
export class PrivateNames {
  readonly #denied: string;
  readonly #kept: string;

  /** Chosen so that nothing in the operation begins like them. */
  constructor(operationText: string) {
    let prefix = 'gatewayOwn_';
    while (operationText.includes(prefix)) prefix += '_';
    this.#denied = `${prefix}denied_`;
    this.#kept = `${prefix}kept_`;
  }

  /**
   * For a denied field while the result is shaped. Under its own name it may well be in the data; under one that no
   * subgraph is ever asked for it becomes null, and null rises as the schema says.
   */
  ofDenied(responseName: string): string {
    return this.#denied + responseName;
  }

  /** For a field that its client calls like another one, whose value would otherwise be taken for it, or it for that. */
  ofKept(responseName: string): string {
    return this.#kept + responseName;
  }

  /** The name the client gave. */
  clientName(name: string): string {
    if (name.startsWith(this.#denied)) return name.slice(this.#denied.length);
    return name.startsWith(this.#kept) ? name.slice(this.#kept.length) : name;
  }

  /** The result as its client asked for it. */
  restored(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.restored(entry));
    if (typeof value !== 'object' || value === null) return value;
    const named = new Map<string, unknown>();
    for (const [name, held] of Object.entries(value)) {
      const clientName = this.clientName(name);
      if (!name.startsWith(this.#denied)) named.set(clientName, this.restored(held));
      // It may be allowed by another fragment that the same object matches.
      else if (!named.has(clientName)) named.set(clientName, null);
    }
    return Object.fromEntries(named);
  }
}

/**
 * The gateway's own names for selections of a client. The planner fetches keys and required fields under their own names and
 * without regard to rights; the fetched data contains them beside the client's fields.
 */
export class PrivateNames {
  readonly #denied: string;
  readonly #kept: string;

  /** Chooses prefixes with which nothing in the operation begins. */
  constructor(operationText: string) {
    let prefix = 'gatewayOwn_';
    while (operationText.includes(prefix)) prefix += '_';
    this.#denied = `${prefix}denied_`;
    this.#kept = `${prefix}kept_`;
  }

  /**
   * The name of a denied field while the result is shaped. Under its own name the field may be in the data; under a name that no
   * fetch contains it becomes null, and the null propagates as the schema demands.
   */
  ofDenied(responseName: string): string {
    return this.#denied + responseName;
  }

  /** The name of a field whose alias could be confused with another field. */
  ofKept(responseName: string): string {
    return this.#kept + responseName;
  }

  /** Returns the client's name. */
  clientName(name: string): string {
    if (name.startsWith(this.#denied)) return name.slice(this.#denied.length);
    return name.startsWith(this.#kept) ? name.slice(this.#kept.length) : name;
  }

  /** Returns the result under the client's names. */
  restored(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((entry) => this.restored(entry));
    if (typeof value !== 'object' || value === null) return value;
    const named = new Map<string, unknown>();
    for (const [name, held] of Object.entries(value)) {
      const clientName = this.clientName(name);
      if (!name.startsWith(this.#denied)) named.set(clientName, this.restored(held));
      // Another fragment that the object matches may allow the field.
      else if (!named.has(clientName)) named.set(clientName, null);
    }
    return Object.fromEntries(named);
  }
}

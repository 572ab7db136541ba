/** Messages between the bench and the process that sends the events. */
export type Order = { probe: number } | { rate: number; count: number };
export type Report = { ready: true } | { emitted: number };

/** Times of one clock for all processes of a machine, in µs. */
export const clockMicros = (): number => Number(process.hrtime.bigint() / 1_000n);

/** How a message is known again: T and the time it began, or P and the number of a probe, which does not count. */
export const bodyOfEvent = (): string => `T${clockMicros()}`;
export const bodyOfProbe = (number: number): string => `P${number}`;

/** Sends what the parent process orders, at its rate, whether anybody keeps up or not. */
export function emitOnOrder(emit: (number: number, body: string) => void): void {
  process.on('message', (order: Order) => {
    if ('probe' in order) {
      emit(order.probe, bodyOfProbe(order.probe));
      return;
    }
    const { rate, count } = order;
    const start = clockMicros();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((clockMicros() - start) / 1e6) * rate) + 1);
      while (sent < due) emit(sent++, bodyOfEvent());
      if (sent < count) return;
      clearInterval(timer);
      report({ emitted: sent });
    }, 1);
  });
}

export function report(message: Report): void {
  process.send?.(message);
}

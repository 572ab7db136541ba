/** Returns the next message of a subscription, which has one field. Throws the errors that come instead. */
export async function nextChange(
  watch: AsyncIterator<{ data?: Record<string, any> | null | undefined; errors?: unknown }>,
): Promise<any> {
  const { value, done } = await watch.next();
  if (done) throw new Error('The subscription has ended.');
  if (value.errors || !value.data) throw new Error(JSON.stringify(value));
  return Object.values(value.data)[0];
}

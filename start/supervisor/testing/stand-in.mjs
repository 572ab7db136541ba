/** A child process for tests of the supervisor; BEHAVIOUR says what it does. JavaScript, because tests run it without a compiler. */
const behaviour = process.env.BEHAVIOUR;

// Keeps the process alive as a server would, until the supervisor has exited.
process.on('disconnect', () => process.exit(0));

if (behaviour === 'refuses') {
  process.send({ type: 'refused', message: 'The stand-in cannot start. Do this or that.' }, () =>
    process.exit(1),
  );
} else if (behaviour === 'dies before it is ready') {
  process.exit(3);
} else {
  if (behaviour === 'ends on SIGTERM') process.on('SIGTERM', () => process.exit(0));
  if (behaviour === 'ignores SIGTERM') process.on('SIGTERM', () => {});
  process.send({ type: 'ready' }, () => {
    if (behaviour === 'dies when it is ready') process.kill(process.pid, 'SIGKILL');
  });
}

// JavaScript, because `--import` loads it into processes of the build, which load no TypeScript.
/** Preloaded into every process of a hub: their clock is off by CLOCK_OFF_MINUTES, while that of the database is right. */
const RealDate = Date;
const now = () => RealDate.now() + Number(process.env.CLOCK_OFF_MINUTES) * 60_000;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

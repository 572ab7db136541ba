import { compareLand, landSums, readKreisFile, readLandFile } from '../demo/replay/land-sums.js';

/** Prints how the register's Kreis sums compare with its own Land file; see data/divi/README.md. */
const sums = landSums(readKreisFile());
const official = readLandFile();
const laender = [...official.values().next().value!.keys()].sort();
const percent = (part: number) => `${(part * 100).toFixed(1)} %`.padStart(7);

console.log(
  'Day-to-day changes of operable beds, and surplus of the Kreis sum over the adults of the Land file',
);
console.log('Land  slope  correlation  surplus: least  median    most  days outside 0 to 12 %');
for (const land of laender) {
  const { slope, correlation, surplus } = compareLand(land, sums, official);
  const parts = [...surplus.values()].sort((a, b) => a - b);
  const outside = parts.filter((part) => part < 0 || part > 0.12).length;
  console.log(
    [
      `  ${land}  ${slope.toFixed(3)}        ${correlation.toFixed(3)}        `,
      percent(parts[0]!),
      percent(parts[Math.floor(parts.length / 2)]!),
      percent(parts.at(-1)!),
      `  ${String(outside).padStart(3)} of ${parts.length}`,
    ].join(' '),
  );
}

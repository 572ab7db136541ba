/** Trauma centres in Germany, each with a planning number of casualties (doi 10.1007/s00113-018-0472-0). */
const CENTRES = 626;
/** Shares of the 29 clinics that receive casualties within 100 km of Ulm (doi 10.1007/s00101-019-00670-z). */
const WITH_NEUROSURGERY = 0.38;
const FOR_CHILDREN = 0.62;

const HOSPITALS = new Set(['HOSPITAL', 'BUNDESWEHR_HOSPITAL']);

/**
 * Hospitals that are trauma centres for certain: those of the statutory accident insurance, those of the Bundeswehr, and the
 * hospital of maximum care in Cottbus, whose name does not say so.
 */
const CERTAIN =
  /\bBG\b.*klinik|berufsgenossenschaftlich|unfallklinik|unfallkrankenhaus|bergmannstrost|bergmannsheil|bundeswehr|carl-thiem/i;
const UNIVERSITY =
  /universitätsklinikum|universitätsmedizin|uniklinik|klinikum der universität|medizinische hochschule/i;
/** Words of hospitals, or of parts of them, that treat one field or one age and receive nobody injured. */
const NO_TRAUMA_CENTRE =
  /augen|haut-?klinik|\bHNO\b|kinder|jugend|herz-? ?(zentrum|chirurgie|kreislauf|und )|herzzentrum|lungen|thorax|kardio|cardio|mikroneurochirurg|venen|phlebolog|capio klinik im park|neurolog|nervenheil|seelische gesundheit|orthop|geriat|altersmedizin|urolog|onkolog|strahlen|radiolog|frauenklinik|gynäkolog|geburtshilfe|endo-klinik|gefäß|gelenk|wirbelsäule|spine|minimal invasive|privatklinik|klinik dr\.|clinic dr|perinatal|neonat|belegstation|berufskrankheiten|tropenmedizin|institut|palliativ|therapiezentrum|fachkliniken|paulinenkrankenhaus|kurpark|außenstelle|dependance|bernhard-nocht|augustinum|o2 tower|satellitenstation|therapie-centrum|kliniken schmieder|fresenius klinik|biederstein/i;

interface Site {
  id: string;
  siteNumber: string | null;
  name: string | null;
  kind: string;
  /** AGS of its Kreis. */
  area: string;
  capabilities: readonly string[];
}

export interface Kreis {
  /** AGS. */
  code: string;
  population: number;
}

/** The declaration of a facility for the demonstration. */
export interface ModelledCentre {
  facility: string;
  traumaLevel: 'LOCAL' | 'REGIONAL' | 'SUPRAREGIONAL';
  capabilities: ('NEUROSURGERY' | 'CHILD')[];
}

/**
 * Returns the hospitals that are trauma centres in the demonstration, with their capabilities. No open source says it, so this
 * is a model: its sums and shares are real, the choice of hospitals is not.
 *
 * - As many as there are in Germany, over the Kreise by population; centres that exceed the hospitals of a Kreis go to the next.
 * - Never a hospital whose kind or name says that it treats one field or one age only: an eye clinic, a heart centre, a
 *   children's hospital.
 * - In any case the hospitals of the accident insurance (BG) and of the Bundeswehr.
 * - In a Kreis then university hospitals, those with a helipad on the map, and the others by site number. More than 8 of 10
 *   centres then have a helipad (9 in the source); none is made up.
 * - Neurosurgery and treating injured children are given in the shares of the source, evenly over the map and
 *   independently of each other; the certain ones have neurosurgery.
 * - Neurosurgery and children make a centre supra-regional, neurosurgery alone regional, anything else local.
 *
 * Nothing else is declared for them, and nothing for the other sites: an unknown capability meets no need.
 */
export function traumaCentres(sites: readonly Site[], kreise: readonly Kreis[]): ModelledCentre[] {
  const hasNeurosurgery = everyShare(WITH_NEUROSURGERY);
  const forChildren = { true: everyShare(FOR_CHILDREN), false: everyShare(FOR_CHILDREN) };
  return centresOf(sites, kreise).map((site) => {
    const { id } = site;
    const neurosurgery = hasNeurosurgery(isCertain(site));
    const children = forChildren[`${neurosurgery}`]();
    return {
      facility: id,
      traumaLevel: neurosurgery ? (children ? 'SUPRAREGIONAL' : 'REGIONAL') : 'LOCAL',
      capabilities: [
        ...(neurosurgery ? (['NEUROSURGERY'] as const) : []),
        ...(children ? (['CHILD'] as const) : []),
      ],
    };
  });
}

function centresOf<S extends Site>(sites: readonly S[], kreise: readonly Kreis[]): S[] {
  const inOrder = [...kreise].sort((a, b) => (a.code < b.code ? -1 : 1));
  const everybody = inOrder.reduce((sum, { population }) => sum + population, 0);
  const centres: S[] = [];
  let people = 0;
  for (const { code, population } of inOrder) {
    people += population;
    const due = Math.floor((CENTRES * people) / everybody) - centres.length;
    const hospitals = sites.filter((site) => site.area === code && mayBeCentre(site));
    const byRank = hospitals.sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
    centres.push(...byRank.slice(0, Math.max(due, byRank.filter(isCertain).length)));
  }
  return centres;
}

function isCertain({ kind, name }: Site): boolean {
  return kind === 'BUNDESWEHR_HOSPITAL' || (HOSPITALS.has(kind) && CERTAIN.test(name ?? ''));
}

function mayBeCentre(site: Site): boolean {
  if (isCertain(site)) return true;
  return HOSPITALS.has(site.kind) && !NO_TRAUMA_CENTRE.test(site.name ?? '');
}

function rankOf(site: Site): string {
  const { capabilities, siteNumber, name, id } = site;
  const isUniversity = UNIVERSITY.test(name ?? '');
  const rank = isCertain(site) ? 0 : isUniversity ? 1 : capabilities.includes('HELIPAD') ? 2 : 3;
  return `${rank} ${siteNumber ?? '~'} ${id}`;
}

/** Returns a function that is true for a share of its calls, spread evenly; a certain call is true and counts towards the share. */
function everyShare(share: number): (isCertain?: boolean) => boolean {
  let calls = 0;
  let trueCalls = 0;
  return (isCertain = false) => {
    calls += 1;
    const isTrue = isCertain || Math.floor(calls * share) > trueCalls;
    if (isTrue) trueCalls += 1;
    return isTrue;
  };
}

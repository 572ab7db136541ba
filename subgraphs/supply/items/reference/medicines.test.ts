import { pznFault } from '../catalogue/rules.js';
import { shippedItems, storageRules } from './files.js';
import { itemOfMedicine, medicinesOf } from './medicines.js';
import { storageOf } from './storage.js';

const shipped = shippedItems();
const byNumber = new Map(shipped.map((item) => [item.pzn, item]));

describe('the items that ship', () => {
  test('have an id each, and medicines a valid Pharmazentralnummer each', () => {
    expect(new Set(shipped.map(({ id }) => id)).size).toBe(shipped.length);
    const numbers = shipped.flatMap(({ pzn }) => pzn ?? []);
    expect(numbers).toHaveLength(389);
    expect(numbers.filter((pzn) => pznFault(pzn) !== undefined)).toEqual([]);
  });

  test('keep their ids from release to release', () => {
    const { id } = shipped.find(({ name }) => name.startsWith('Diesel'))!;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(byNumber.get('00194323')!.id).toBe(
      itemOfMedicine({ pzn: '00194323', doseForm: '', substances: [] }, []).id,
    );
  });

  test('have a name of at most 200 characters', () => {
    expect(shipped.filter(({ name }) => name === '' || name.length > 200)).toEqual([]);
  });

  test('say for a growth hormone that it is one, and not atropine, as a column of the source files it', () => {
    const hormones = shipped.filter(({ substance }) => substance?.startsWith('Somatropin'));
    expect(hormones).toHaveLength(12);
    expect(hormones.filter(({ name }) => name.includes('Atropin'))).toEqual([]);
    expect(hormones.map(({ storage }) => storage)).toEqual(Array(12).fill('COLD'));
  });

  test('name every substance of a combination, so that no local anaesthetic reads as epinephrine', () => {
    expect(byNumber.get('01205661')).toMatchObject({
      substance: 'Epinephrinhydrochlorid 0.012 mg; Articainhydrochlorid 40 mg',
    });
    expect(byNumber.get('00903021')).toMatchObject({
      substance: 'Piperacillin 4 g; Tazobactam 0.5 g',
    });
  });

  test.each([
    ['COLD', 'Rocuroniumbromid Cisatracurium Insulin Lorazepam Somatropin'],
    ['CONTROLLED', 'Sufentanil Fentanyl Morphin'],
    [
      'AMBIENT',
      'Propofol Ketamin Esketamin Midazolam Furosemid Norepinephrin Enoxaparin Alteplase',
    ],
  ])('are stored %s: %s', (storage, substances) => {
    for (const substance of substances.split(' ')) {
      const needs = shipped
        .filter((one) => one.substance?.startsWith(substance))
        .map((one) => one.storage);
      expect([substance, ...new Set(needs)]).toEqual([substance, storage]);
    }
  });

  test('are stored as their dose form needs it, where the product information differs', () => {
    const needs = shipped
      .filter((one) => one.substance?.startsWith('Levosimendan'))
      .map(({ name, storage }) => [name.includes('Pulver'), storage]);
    expect(needs).toContainEqual([true, 'AMBIENT']);
    expect(needs).toContainEqual([false, 'COLD']);
    const rules = storageRules();
    expect(storageOf(['Tilidin 50 mg', 'Naloxonhydrochlorid 4 mg'], 'Retardtablette', rules)).toBe(
      'AMBIENT',
    );
    expect(storageOf(['Tilidin 50 mg'], 'Tropfen zum Einnehmen, Lösung', rules)).toBe('CONTROLLED');
    expect(storageOf(['Hydrocortison 1 g'], 'Creme', rules)).toBe('AMBIENT');
  });
});

describe('a medicine', () => {
  const sample = { pzn: '00412323', darreichungsform: 'Infusionslösung' };

  test('of two rows has both substances, and of two equal rows one', () => {
    const rows = [
      { ...sample, substanz: 'Natriumchlorid', staerke: '6 g' },
      { ...sample, substanz: 'Kaliumchlorid', staerke: '.4 g' },
      { ...sample, substanz: 'Kaliumchlorid', staerke: '.4 g' },
    ];
    expect(medicinesOf(rows).map((one) => itemOfMedicine(one, []))).toMatchObject([
      {
        substance: 'Natriumchlorid 6 g; Kaliumchlorid 0.4 g',
        name: 'Natriumchlorid 6 g; Kaliumchlorid 0.4 g, Infusionslösung',
      },
    ]);
  });

  test('without a substance is named by its number', () => {
    const [medicine] = medicinesOf([{ ...sample, wirkstoffe: '' }]);
    expect(itemOfMedicine(medicine!, storageRules())).toMatchObject({
      substance: null,
      doseForm: 'Infusionslösung',
      name: 'PZN 00412323, Infusionslösung',
      storage: 'AMBIENT',
    });
  });

  test('with many substances has a short name and all of them', () => {
    const wirkstoffe = Array.from({ length: 40 }, (_, n) => `Substance ${n} 1 mg`).join('; ');
    const item = itemOfMedicine(medicinesOf([{ ...sample, wirkstoffe }])[0]!, []);
    expect(item.name).toBe('Substance 0 1 mg and 39 other substances, Infusionslösung');
    expect(item.substance).toBe(wirkstoffe);
  });

  test('that is a gas is no medicine of another kind, an inhaler is', () => {
    const kindOf = (darreichungsform: string) =>
      itemOfMedicine(medicinesOf([{ ...sample, darreichungsform, wirkstoffe: '' }])[0]!, []).kind;
    expect(kindOf('Gas zur medizinischen Anwendung, druckverdichtet')).toBe('GAS');
    expect(kindOf('Gas')).toBe('GAS');
    expect(kindOf('Druckgasinhalation, Lösung')).toBe('MEDICINE');
    expect(kindOf('Gastrointestinales System')).toBe('MEDICINE');
  });
});

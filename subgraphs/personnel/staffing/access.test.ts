import { claimSetFrom } from '../../../shared/identity/index.js';
import { detailOf, seesArea } from './access.js';

test('each role of a caller sees numbers of staff in its own areas and facilities alone', () => {
  const grants = [
    { role: 'health-office', areas: ['05315'] },
    { role: 'dispatch', areas: ['09'] },
    { role: 'service', facilities: ['b'] },
    { role: 'hospital', facilities: ['a'], areas: ['14'] },
  ];
  const caller = { claims: claimSetFrom({ grants }) };
  expect(detailOf(caller, { id: 'a', area: '09162' })).toBe('EXACT');
  expect(detailOf(caller, { id: 'b', area: '09162' })).toBe('NONE');
  expect(detailOf(caller, { id: 'c', area: '05315' })).toBe('STEPS');
  expect(['05315', '09162', '14511', '09'].filter((area) => seesArea(caller, area))).toEqual([
    '05315',
    '09',
  ]);
});

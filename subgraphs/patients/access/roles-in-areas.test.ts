import { claimSetFrom } from '../../../shared/identity/index.js';
import { planVisibilityOf } from '../allocation/plans/visibility.js';
import { levelsOf, sidesOf } from '../transfers/lifecycle/sides.js';
import { transferVisibilityOf } from '../transfers/lifecycle/visibility.js';
import { vehicleAreasOf } from '../transfers/transport/authorization.js';
import { limitToLedAreas, searchVisibilityOf, patientVisibilityOf } from './index.js';

const FACILITY = '0a000000-0000-4000-8000-000000000000';
const caller = {
  claims: claimSetFrom({
    grants: [
      { role: 'dispatch', areas: ['05315'] },
      { role: 'spoc', areas: ['09'] },
      { role: 'family-information', areas: ['06'] },
      { role: 'service', areas: ['14'] },
      { role: 'health-office', areas: [''] },
      { role: 'hospital', facilities: [FACILITY], areas: ['11'] },
    ],
  }),
};

describe('a caller whose roles hold in several areas', () => {
  test('sees patients where a role steers them, and searches where another gives information', () => {
    expect(patientVisibilityOf(caller)).toEqual({ areas: ['05315'], facilities: [FACILITY] });
    expect(searchVisibilityOf(caller)).toEqual({ areas: ['05315', '06'], facilities: [FACILITY] });
    expect(limitToLedAreas(caller).claims.areas).toEqual(['05315']);
    expect(planVisibilityOf(caller)).toMatchObject({ areas: ['05315'], facilities: [FACILITY] });
    expect([...vehicleAreasOf(caller)].sort()).toEqual(['05315', '14']);
  });

  test('approves transfers for the level of each role in its areas alone', () => {
    expect(transferVisibilityOf(caller)).toMatchObject({ clinical: ['05315'], strategic: ['09'] });
    const ends = {
      kind: 'STRATEGIC',
      status: 'REQUESTED',
      fromFacility: null,
      toFacility: null,
      patientArea: '05315',
    } as const;
    expect(levelsOf(caller, { ...ends, fromArea: '05315', toArea: '09162' })).toEqual([
      'DESTINATION',
    ]);
    expect(levelsOf(caller, { ...ends, fromArea: '09162', toArea: '05315' })).toEqual([
      'ORIGIN_SPOC',
    ]);
    expect(sidesOf(caller, { ...ends, fromArea: '06411', toArea: '06411' })).not.toContain(
      'DISPATCH',
    );
  });
});
